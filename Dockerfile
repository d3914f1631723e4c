# Breachflow in a container; the folder with the cases is mounted:
#   docker build -t breachflow .
#   docker run --rm -v "$PWD:/work" breachflow run case.toml
FROM python:3.12-slim

COPY . /source
RUN pip install --no-cache-dir '/source[report]' && rm -rf /source \
    && useradd --create-home crew && mkdir /work && chown crew /work
USER crew
# The kernels are compiled once, here, and not at the first run of every container.
RUN breachflow init /tmp/first && breachflow run /tmp/first/case.toml --set mesh.resolution=coarse --quiet \
    && rm -r /tmp/first

WORKDIR /work
ENTRYPOINT ["breachflow"]
CMD ["--help"]
