"""CONTRIBUTING's recipe for a numerical flux: a file in `physics/fluxes`, and its name in the guide."""

from __future__ import annotations

import json

import pytest

RUSANOV = "solver/breachflow/physics/fluxes/rusanov.py"
QUIET = "solver/breachflow/physics/fluxes/quiet.py"
NAMES = ["hllc", "hlle", "quiet", "rusanov"]
TUBE = ("cases/verification/riemann/case.toml", "--set=mesh.cells=[4, 1]", "--set=mesh.levels=1")


@pytest.fixture
def with_quiet(edited_package):
    """Rusanov's flux under another name."""
    source = (edited_package.folder / RUSANOV).read_text(encoding="utf-8")
    edited_package.append(QUIET, source.replace("flux_rusanov", "flux_quiet"))
    assert edited_package.edited == {QUIET}
    return edited_package


def error_of_density(package, flux, plain):
    """Result of a run of a shock tube with a flux."""
    file = package.folder / f"{flux}.h5"
    package.breachflow("run", *TUBE, f"--set=numerics.flux={flux}", "-o", file, plain=plain)
    return float(
        package.python(f"import breachflow; print(breachflow.read_result({str(file)!r}).density_error)")
    )


def test_a_flux_is_offered(with_quiet):
    schema = json.loads(with_quiet.breachflow("schema"))
    assert schema["$defs"]["Numerics"]["properties"]["flux"]["enum"] == NAMES
    checked = json.loads(with_quiet.breachflow("check", *TUBE, "--set=numerics.flux=quiet", "--json"))
    assert checked["case"].count('flux = "quiet"') == 1
    error = with_quiet.breachflow("check", *TUBE, "--set=numerics.flux=quite", status=3)
    assert 'allowed: "hllc", "hlle", "quiet", "rusanov"; did you mean "quiet"?' in error
    with_quiet.breachflow("init", "leak")
    assert f"# {', '.join(NAMES)}\n" in (with_quiet.folder / "leak" / "case.toml").read_text()


def test_a_flux_is_computed(with_quiet):
    quiet, rusanov = (error_of_density(with_quiet, flux, True) for flux in ("quiet", "rusanov"))
    assert quiet == rusanov > 0.0


@pytest.mark.slow
def test_a_flux_is_compiled(with_quiet):
    quiet, rusanov, hllc = (
        error_of_density(with_quiet, flux, False) for flux in ("quiet", "rusanov", "hllc")
    )
    assert quiet == rusanov != hllc
