"""A result as VTK's .vtu file, for programs that do not read VTKHDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from breachflow.mesh.files.vtu_write import vtu_array
from breachflow.results.data import Field
from breachflow.results.files.image import field_values
from breachflow.results.quantities import main_numbers
from breachflow.results.result import Result

TIME: Final = "TimeValue"
"""The name under which VTK looks for the time of a file."""


def vtu_bytes(result: Result, fields: Mapping[str, Field], time: float | None = None) -> bytes:
    """The mesh with fields on its cells; the main numbers of the summary, and the time, s, as field data."""
    numbers = {name: float(quantity.value) for name, quantity in main_numbers(result.summary).items()}
    facts = numbers if time is None else {TIME: time, **numbers}
    field_data = "".join(vtu_array(name, np.array([value]), tuples=1) for name, value in facts.items())
    cells = (
        vtu_array("connectivity", np.asarray(result.cells.points, dtype=np.int64))
        + vtu_array("offsets", np.asarray(result.cells.offsets[1:], dtype=np.int64))
        + vtu_array("types", np.asarray(result.cells.types, dtype=np.uint8))
    )
    values = {name: field_values(field) for name, field in fields.items()}
    cell_data = "".join(vtu_array(name, array, 3 if array.ndim == 2 else 0) for name, array in values.items())
    text = (
        '<?xml version="1.0"?>\n'
        '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">\n'
        f"<UnstructuredGrid>\n<FieldData>\n{field_data}</FieldData>\n"
        f'<Piece NumberOfPoints="{len(result.points)}" NumberOfCells="{result.n_cells}">\n'
        f"<Points>\n{vtu_array('Points', result.points, 3)}</Points>\n"
        f"<Cells>\n{cells}</Cells>\n<CellData>\n{cell_data}</CellData>\n"
        "</Piece>\n</UnstructuredGrid>\n</VTKFile>\n"
    )
    return text.encode()
