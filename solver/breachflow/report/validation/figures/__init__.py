"""Figures of the validation page, one file each, drawn from the findings alone.

Adding one: a file `name.py` with `PER_GROUP`, whether it is drawn for each group of cases instead of each
case; `PLACE`, its place on the page; `SUFFIX`, which follows the name of the group or case in its file's
name; and `draw(report, findings)`, which returns a figure, or None where there is nothing to draw.
"""

from __future__ import annotations

from typing import Final

from breachflow.registry import module_names

NAMES: Final = module_names(__path__)
"""Names of the figures."""
