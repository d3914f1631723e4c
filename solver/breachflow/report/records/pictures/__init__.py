"""Pictures of what a pressure record says of a leak, one file each.

Adding one: a file `name.py` with a first line that says what it shows, `PLACE`, its place on the page, and
`draw(data)`, which takes an `InferPicture` and returns a `Drawing`, or None where the data are missing. The
page then shows it. Its files are `name.png` and `name.svg`.
"""

from __future__ import annotations

from typing import Final

from breachflow.registry import module_names

NAMES: Final = module_names(__path__)
"""Names of the pictures."""
