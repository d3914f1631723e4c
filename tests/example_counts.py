"""How many examples of a property are tried: all of them in Hypothesis's profile `slow`."""

from __future__ import annotations

from hypothesis import settings

ALL = 250
"""Hypothesis's own default is 100."""

settings.register_profile("slow", max_examples=ALL, deadline=None)


def up_to(count: int) -> int:
    """This many with `--hypothesis-profile=slow`, two fifths of it by default."""
    return count * settings().max_examples // ALL
