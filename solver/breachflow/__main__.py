"""The command line as `python -m breachflow`."""

from __future__ import annotations

import sys

from breachflow.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
