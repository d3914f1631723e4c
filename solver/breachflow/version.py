"""The version of the program: the package, its files and its distribution take it from here."""

from __future__ import annotations

__version__ = "0.1.0"
