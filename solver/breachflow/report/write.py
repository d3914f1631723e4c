"""The files of a report: its pictures, and the page that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.case_kinds import CaseKind, case_file, kind_of_file
from breachflow.errors import ResultError, UsageError
from breachflow.files import discard_partial_files, make_folder, write_atomically
from breachflow.report.cabin import pictures as cabin_pictures
from breachflow.report.chart import SUFFIXES, is_of_report, require_packages
from breachflow.report.leaks import pictures as leak_pictures
from breachflow.report.records import pictures as record_pictures
from breachflow.report.result import pictures as result_pictures
from breachflow.report.sweep import pictures as sweep_pictures
from breachflow.results import read_result
from breachflow.results.files.cabin.series import is_series, read_series
from breachflow.results.files.tables import is_table, read_table
from breachflow.words import single_line

if TYPE_CHECKING:
    from breachflow.report.html import Page

PAGE: Final = "report.html"
PICTURES: Final = (
    *result_pictures.NAMES,
    *sweep_pictures.NAMES,
    *cabin_pictures.NAMES,
    *leak_pictures.NAMES,
    *record_pictures.NAMES,
)
"""Names of all pictures that a report may have."""

_KNOWN: Final = (PAGE, *(f"{picture}.{suffix}" for picture in PICTURES for suffix in SUFFIXES))
"""Names of all files that a report may have."""

_INSTEAD: Final = {".toml": "a case", ".csv": "a table as text"}
"""Kinds of files that are neither tables nor results, by suffix."""


def write_report(source: Path, folder: Path | None = None, data: Path | None = None) -> list[Path]:
    """Write the page and the pictures of a table, a result or a case; return the files, the page first.

    A case is one of a leak to be located or of a record, or the folder with its case.toml. `data` is a CSV
    file of measured data that are shown beside the points of a table.

    The folder is NAME.report beside NAME.h5, NAME.vtkhdf or NAME.toml if none is given. Pictures of an
    earlier report in it are removed. Raises UsageError where a package is missing or data are given for a
    result; ResultError where the source or the data cannot be read, where a file cannot be written, or where
    one of the files exists that no report wrote; CaseError where a case cannot be read.
    """
    require_packages()
    case = case_file(source)
    source = case if case.exists() else source
    return write_page(_read(source, data), folder or source.with_name(f"{source.stem}.report"))


def write_page(page: Page, folder: Path) -> list[Path]:
    """Write a page and its pictures into a folder; return the files, the page first.

    Raises ResultError as `write_report`.
    """
    files = _files(page)
    earlier = _earlier_files(folder)
    for name in files:
        if (folder / name).exists() and name not in earlier:
            raise ResultError(
                f"{single_line(str(folder / name))}: is not of a report, and was left as it is; "
                "choose another folder"
            )
    make_folder(folder)
    discard_partial_files(folder, _KNOWN)
    for name, content in files.items():
        write_atomically(folder / name, [content])
    for name in earlier - set(files):
        (folder / name).unlink(missing_ok=True)
    return [folder / name for name in files]


def _read(source: Path, data: Path | None) -> Page:
    """The page of a table, of a result, of the result of a cabin, or of a case that is answered at once."""
    page = _of_case(source) if data is None else None
    if page is not None:
        return page
    _require_kind(source)
    if is_table(source):
        from breachflow.report.sweep.page import sweep_page
        from breachflow.results.measured import read_measured

        table = read_table(source)
        if data is not None and table.is_of_cabins:
            raise UsageError(
                f"--data {single_line(str(data))}: measured data are shown beside flows; "
                f"{single_line(str(source))} is of cabins"
            )
        return sweep_page(source, table, read_measured(data) if data else None)
    result = None if is_series(source) else read_result(source)
    if data is not None:
        raise UsageError(
            f"--data {single_line(str(data))}: measured data are shown beside the table of a sweep; "
            f"{single_line(str(source))} is the result of one run: sweep the case over what was varied"
        )
    if result is None:
        from breachflow.report.cabin.page import cabin_page

        return cabin_page(source, read_series(source))
    from breachflow.report.result.page import result_page

    return result_page(result)


def _of_case(source: Path) -> Page | None:
    """The page of a case of a leak to be located or of a record; None of anything else."""
    kind = kind_of_file(source)
    if kind is CaseKind.LOCATION:
        from breachflow.report.leaks.page import locate_page

        return locate_page(source)
    if kind is CaseKind.RECORD:
        from breachflow.inference.case.answer import inference_of
        from breachflow.inference.case.read import load_record_case
        from breachflow.report.records.page import infer_page

        return infer_page(inference_of(load_record_case(source)))
    return None


def _require_kind(source: Path) -> None:
    """Raise ResultError for a folder, a case or a table as text, which are often given instead."""
    what = "a folder" if source.is_dir() else _INSTEAD.get(source.suffix.lower())
    if what is not None:
        raise ResultError(
            f"{single_line(str(source))}: is {what}; give the table.h5 that `breachflow sweep` wrote, or the "
            ".vtkhdf file that `breachflow run` wrote"
        )


def _files(page: Page) -> dict[str, bytes]:
    from breachflow.report.html import render

    files = {PAGE: render(page)}
    for picture in page.pictures:
        files |= {f"{picture.name}.{suffix}": getattr(picture, suffix) for suffix in SUFFIXES}
    return files


def _earlier_files(folder: Path) -> set[str]:
    """Names of the files in the folder that a report wrote."""
    return {name for name in _KNOWN if is_of_report(folder / name)}
