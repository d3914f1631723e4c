"""Number of examples of a property: all of them in Hypothesis's profile `slow`. None has a deadline."""

from __future__ import annotations

from hypothesis import settings

ALL = 250
"""The default of Hypothesis."""

settings.register_profile("quick", settings(), deadline=None)
settings.register_profile("slow", max_examples=ALL, deadline=None)
settings.load_profile("quick")


def up_to(count: int) -> int:
    """The number of examples: `most` with `--hypothesis-profile=slow`, by default two fifths of it."""
    return count * settings().max_examples // ALL
