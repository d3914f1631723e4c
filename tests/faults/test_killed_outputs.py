"""Results of cabins and reports that are killed at each call of the system while they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from system_calls import kill_at_every_call

from breachflow import load_cabin, read_cabin, solve_cabin
from breachflow.report import write as report
from breachflow.shipped import root

CABIN = root() / "cases" / "cabin" / "airlock" / "case.toml"


@pytest.mark.slow
def test_a_whole_result_of_a_cabin_is_left(tmp_path: Path) -> None:
    path, cabin = tmp_path / "cabin.h5", load_cabin(CABIN)
    older, newer = solve_cabin(cabin, varied=False), solve_cabin(cabin)
    texts = [str(one.series) for one in (older, newer)]
    assert texts[0] != texts[1]
    found = []

    def look() -> None:
        found.append(texts.index(str(read_cabin(path))))
        older.write(path)

    older.write(path)
    kill_at_every_call(lambda: newer.write(path), look)
    assert found == sorted(found)
    assert set(found) == {0, 1}
    assert found.count(0) > 5


@pytest.mark.slow
def test_every_file_of_a_report_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is that of the earlier report or of this one; the next report removes what else is left."""
    result, folder = tmp_path / "cabin.h5", tmp_path / "cabin.report"
    solve_cabin(load_cabin(CABIN), varied=False).write(result)
    before = result.read_bytes()
    page = report._read(result, None)
    newer = report._files(page)
    older = {name: content + b"<!-- an earlier one -->" for name, content in newer.items()}
    seen: set[bool] = set()

    def write(files: dict[str, bytes]) -> None:
        monkeypatch.setattr(report, "_files", lambda _: files)
        report.write_page(page, folder)

    def look() -> None:
        assert result.read_bytes() == before
        for name in newer:
            content = (folder / name).read_bytes()
            assert content in (older[name], newer[name])
            seen.add(content == newer[name])
        write(older)
        assert {entry.name for entry in folder.iterdir()} == set(newer)  # and nothing half written

    write(older)
    kill_at_every_call(lambda: write(newer), look)
    assert seen == {False, True}
