"""Results and tables as HTML for notebooks; colors are left to the page, which may be dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from breachflow.results.table_text import error_rows, main_columns
from breachflow.results.text import leading_rows
from breachflow.words import Row, printable

if TYPE_CHECKING:
    from breachflow.results.result import Result
    from breachflow.results.table import SweepTable

LEFT: Final = "text-align: left"

MOST_ROWS: Final = 20
"""Points of a table that are shown, and errors of points."""


def result_html(result: Result) -> str:
    """The status of a run, its main numbers with their uncertainties, and its cautions."""
    title = printable(result.provenance.get("title", "")) or printable(result.path.name)
    rows: list[Row] = [*leading_rows(result.summary), ("file", printable(result.path))]
    body = "".join(
        f'<tr><th style="{LEFT}">{escape(label)}</th><td style="{LEFT}">{escape(text)}</td></tr>'
        for label, text in rows
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"


def table_html(table: SweepTable) -> str:
    """The main columns of the first points of a table, then the errors of those that failed."""
    columns = main_columns(table)
    title = printable(table.attributes.get("title", ""))
    head = "".join(_row((column[line] for column in columns), "th") for line in (0, 1))
    shown = [column[2 : 2 + MOST_ROWS] for column in columns]
    body = "".join(_row(cells, "td") for cells in zip(*shown, strict=True))
    failed = [f"point {point}: {error}" for point, error in error_rows(table)]
    notes = [f"{len(columns[0]) - 2} points in all", *failed[:MOST_ROWS]]
    foot = "".join(
        f'<tr><td colspan="{len(columns)}" style="{LEFT}">{escape(note)}</td></tr>' for note in notes
    )
    return (
        f"<table><caption>{escape(title)}</caption><thead>{head}</thead>"
        f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    )


def _row(cells: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
