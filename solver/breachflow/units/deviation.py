"""Quantities with a standard deviation: "1.3 +- 0.2 mmHg/h"."""

from __future__ import annotations

import re


def with_deviation(text: str) -> tuple[str, str | None]:
    """The texts of a value and its standard deviation: "1.3 +- 0.2 mmHg/h" has both; None without one.

    >>> with_deviation("1.3 +- 0.2 mmHg/h"), with_deviation("1.3 mmHg/h")
    (('1.3 mmHg/h', '0.2 mmHg/h'), ('1.3 mmHg/h', None))
    """
    value, sign, deviation = text.replace("+/-", "+-").replace("±", "+-").partition("+-")
    if not sign:
        return text, None
    value, deviation = value.strip(), deviation.strip()
    return (value if unit_of(value) else f"{value} {unit_of(deviation)}"), deviation


def unit_of(text: str) -> str:
    """What stands behind the number of a quantity.

    >>> unit_of("1.6 kg/day")
    'kg/day'
    """
    return " ".join(re.sub(r"^\s*[-+.0-9]+([eE][-+]?[0-9]+)?", "", text).split())
