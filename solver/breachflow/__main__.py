"""The command line as `python -m breachflow`."""

from __future__ import annotations

from breachflow.cli.start import main

if __name__ == "__main__":
    main()
