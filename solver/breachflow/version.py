"""The version of the program: the package, its files and its distribution take it from here."""

from __future__ import annotations

from functools import cache

__version__ = "0.1.0"

PROGRAM = f"breachflow {__version__}"
"""As files name what wrote them."""


@cache
def source_digest(parts: tuple[str, ...] = ("",)) -> str:
    """Digest of sources (by default of the whole package)."""
    import hashlib
    from pathlib import Path

    package = Path(__file__).parent
    digest = hashlib.sha256()
    for part in parts:
        root = package / part
        for source in [root] if root.is_file() else sorted(root.rglob("*.py")):
            digest.update(str(source.relative_to(package)).encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
