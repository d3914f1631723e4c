"""Tests that need Gmsh: skipped where it is not installed, or its libraries are missing, and they say so."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest


@cache
def cannot_load() -> str:
    """Why Gmsh cannot be loaded; empty where it can. It is imported in another process alone."""
    done = subprocess.run([sys.executable, "-c", "import gmsh"], capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


needs_gmsh = pytest.mark.skipif(bool(cannot_load()), reason=f"no Gmsh on this machine: {cannot_load()}")
