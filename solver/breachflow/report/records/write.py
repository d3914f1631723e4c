"""The files of the report of an answer."""

from __future__ import annotations

from pathlib import Path

from breachflow.inference.answer.answer import Inference
from breachflow.report.records.page import infer_page
from breachflow.report.write import write_page


def write_infer_report(found: Inference, folder: Path) -> list[Path]:
    """Write the page and the pictures of an answer into a folder; return the files, the page first.

    Raises UsageError where a package is missing, and ResultError where a file cannot be written or is of no
    report.
    """
    return write_page(infer_page(found), folder)
