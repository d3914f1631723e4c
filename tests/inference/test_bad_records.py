"""Records that cannot be read: one clear line for each fault, with file, line, column and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachflow.errors import CaseError
from breachflow.inference.record.read import read_record

HEAD = "time [s],pressure [mmHg]\n"
DATES = "time,pressure [mmHg]\n"
PRESSURES = (
    "a pressure is in Pa, mPa, hPa, kPa, MPa, bar, mbar, atm, torr, mTorr, mmHg, inHg, mmH2O, inH2O or psia"
)
FIRST = "write a first line such as: time [s],pressure [mmHg]"

FAULTS = {
    "": f"r.csv:1: ends without readings; {FIRST}",
    "# nothing\n\n": f"r.csv:2: ends without readings; {FIRST}",
    HEAD: "r.csv:1: has headings but no readings below them",
    "0,745\n60,744\n": f"r.csv:1: has no headings; {FIRST}",
    "# log\n\npressure [mmHg],x\n745,1\n": (
        'r.csv:3: no column is a time, among "pressure [mmHg]", "x"; write e.g. time [s],pressure [mmHg]'
    ),
    "time [s],pressur [mmHg]\n0,745\n": (
        'r.csv:1: no column is a pressure, among "time [s]", "pressur [mmHg]"; write e.g. time [s],pressure'
        " [mmHg]; or choose it: `breachflow infer --pressure-column 'pressur [mmHg]'`"
    ),
    "time [s],pressure [mmHg],pressure [kPa]\n0,745,99\n": (
        'r.csv:1: two columns are a pressure: "pressure [mmHg]" and "pressure [kPa]"; leave one, or'
        " choose it: `breachflow infer --pressure-column 'pressure [kPa]'`"
    ),
    "time [s],pressure [mmHg],P [mmHg]\n0,745,99\n": (
        'r.csv:1: two columns are a pressure: "pressure [mmHg]" and "P [mmHg]"; leave one, or choose'
        " it: `breachflow infer --pressure-column 'P [mmHg]'`"
    ),
    "time [s],pressure [mmHg]\n0,745\n60,1e308\n": (
        'r.csv:3: pressure [mmHg]: "1e308" is beyond 1e+30: no reading is'
    ),
    "time [s],pressure\n0,745\n": (
        f'r.csv:1: "pressure" has no unit; write e.g. "pressure [mmHg]"; {PRESSURES}'
    ),
    "time [s],pressure [psig]\n0,745\n": (
        'r.csv:1: "pressure [psig]": the unit "psig" is not accepted; gauge pressures are not accepted: add'
        " the ambient pressure and write psia"
    ),
    "time [s],pressure [degC]\n0,745\n": (
        f'r.csv:1: "pressure [degC]": is a temperature, not a pressure; {PRESSURES}'
    ),
    "time [s],pressure [foo]\n0,745\n": f'r.csv:1: "pressure [foo]": unknown unit "foo"; {PRESSURES}',
    "time [fortnight],pressure [mmHg]\n0,745\n": (
        'r.csv:1: "time [fortnight]": unknown unit "fortnight"; a time is in s, ms, us, min, h or day'
    ),
    DATES + "0,745\n60,744\n": (
        'r.csv:2: time: "0" is a number, but its column has no unit; write e.g. time [s]'
    ),
    HEAD + "0,745\n60,NaN\n": (
        'r.csv:3: pressure [mmHg]: "NaN" is not a number; leave the cell empty where there is no reading'
    ),
    HEAD + "0,745\n60,inf\n": (
        'r.csv:3: pressure [mmHg]: "inf" is not a number; leave the cell empty where there is no reading'
    ),
    HEAD + "0,745\n60,seven\n": 'r.csv:3: pressure [mmHg]: "seven" is not a number',
    HEAD + "0,745\n1_0,744\n": 'r.csv:3: time [s]: "1_0" is not a number',
    HEAD + "0,745\n60,744 mmHg\n": (
        'r.csv:3: pressure [mmHg]: "744 mmHg" is more than a number; its unit belongs to the heading'
    ),
    HEAD + "0,745\n120,744\n60,744\n": "r.csv:4: the time is before that of line 3; times must rise",
    HEAD + "0,745\n120,744\n60,744\n180,743\n90,742\n": (
        "r.csv:4: the time is before that of line 3; times must rise; 1 more such place"
    ),
    HEAD + "0,745\n60,744\n60,743\n": "r.csv:4: the time is that of line 3; times must rise",
    HEAD + "0,745\n60,0\n": 'r.csv:3: pressure [mmHg]: "0" is not above 0; pressures are absolute',
    HEAD + "0,745\n60,-3\n": 'r.csv:3: pressure [mmHg]: "-3" is not above 0; pressures are absolute',
    HEAD + "0,745\n60\n": "r.csv:3: has 1 cell for 2 headings",
    HEAD + "0,745,3\n": 'r.csv:2: has 3 cells for 2 headings; with decimal commas, separate cells by ";"',
    HEAD + "0,745\n60,744,1,2,3\n": "r.csv:3: has 5 cells for 2 headings",
    HEAD + '0,"745\n60,744\n': "r.csv:3: a quote is not closed, or stands inside a cell",
    HEAD + "0,\n60,\n": "r.csv:1: no line below these headings has a pressure",
    HEAD + "0,745\n,744\n": "r.csv:3: time [s]: is empty",
    DATES + "06/05/2026 14:00,745\n": (
        'r.csv:2: time: "06/05/2026 14:00" may be day or month first; write e.g. "2026-06-05T14:00:00Z"'
    ),
    DATES + "2026-06-05T14:00Z,745\n2026-06-05T14:10,744\n": (
        'r.csv:3: time: "2026-06-05T14:10" has no zone, but the first one has'
    ),
    DATES + "2026-06-05T14:00,745\n2026-06-05T14:10Z,744\n": (
        'r.csv:3: time: "2026-06-05T14:10Z" has a zone, but the first one has none'
    ),
    DATES + "2026-06-05T14:00Z,745\n2026-06-35T14:10Z,744\n": (
        'r.csv:3: time: "2026-06-35T14:10Z" is no date and time of ISO 8601; write e.g.'
        ' "2026-06-05T14:00:00Z"'
    ),
    DATES + "14:00,745\n25:10,744\n": 'r.csv:3: time: "25:10" is no time of the day; write e.g. "14:05:00"',
    DATES + "14:00,745\n13:50,744\n": "r.csv:3: the time is before that of line 2; times must rise",
    "time [s],pressure [mmHg],temperature [degC]\n0,745,20\n60,744,-200\n": (
        'r.csv:3: temperature [degC]: "-200" = 73.15 K is no temperature of a cabin; leave the cell empty, or'
        " correct the unit"
    ),
    "time [s],pressure [mmHg]\n60,745\n30,744\n0,743\n": (
        "r.csv:3: the last reading comes first; sort the lines by their times"
    ),
    HEAD + "0,745\n0,744\n0,743\n0,742\n0,741\n60,740\n": (
        "r.csv:3: the time is that of line 2; times must rise: give them to the second; 3 more such places"
    ),
    "time [h],pressure [mmHg],cabin pressure [mmHg]\n0,745,746\n": (
        'r.csv:1: two columns are a pressure: "pressure [mmHg]" and "cabin pressure [mmHg]"; leave one,'
        " or choose it: `breachflow infer --pressure-column 'cabin pressure [mmHg]'`"
    ),
    "time [h],P-1 [mbar],P-2 [mbar]\n0,1000,1001\n": (
        'r.csv:1: no column is a pressure, among "time [h]", "P-1 [mbar]", "P-2 [mbar]"; write e.g. time'
        " [s],pressure [mmHg]; or choose it: `breachflow infer --pressure-column 'P-1 [mbar]'`"
    ),
    "time [s],pressure [mmHg]\n0,745\0\n": "r.csv:2: is no text; save the record as CSV (UTF-8)",
}


@pytest.mark.parametrize(("text", "message"), FAULTS.items())
def test_a_fault_is_told(text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_record(Path("r.csv"))
    assert str(caught.value) == message


def test_all_faults_of_a_column_are_told_up_to_five(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(HEAD + "".join(f"{line},x\n" for line in range(9)))
    with pytest.raises(CaseError) as caught:
        read_record(file)
    assert caught.value.faults[0] == f'{file}:2: pressure [mmHg]: "x" is not a number'
    assert caught.value.faults[5] == f"{file}:7: 4 more such lines from here on"


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"is a folder; give the file of a record$"):
        read_record(tmp_path)
    with pytest.raises(CaseError, match=r"none\.csv: no such file$"):
        read_record(tmp_path / "none.csv")
