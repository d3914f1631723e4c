"""What `show` prints of the result of a cabin: what `cabin` printed."""

from __future__ import annotations

import json
from pathlib import Path

from breachflow.cli.printing.lines import print_json, print_line, short_path
from breachflow.results.files.cabin.series import read_series
from breachflow.words import printable


def show_cabin(path: Path, as_json: bool) -> None:
    """Print the answer in a result. Raises ResultError where the file is damaged."""
    attributes = read_series(path).attributes
    if as_json:
        print_json({**json.loads(str(attributes["summary"])), "file": str(path.resolve())})
        return
    for line in str(attributes["text"]).splitlines():
        print_line(printable(line))
    print_line(f"  file  {short_path(path)}")
