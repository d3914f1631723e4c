"""Texts for people: worked examples, and text that stays on its line."""

from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

from breachflow import words


def test_worked_examples() -> None:
    outcome = doctest.testmod(words)
    assert (outcome.attempted, outcome.failed) == (14, 0)


@given(st.text())
def test_a_text_from_a_file_stays_on_one_line_and_prints(text: str) -> None:
    assert all(character.isprintable() for character in words.single_line(text) + words.printable(text))
