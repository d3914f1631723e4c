"""The result of a run: its summary, its history, its mesh and fields, and the case that it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np

from breachflow.errors import CaseError, ResultError
from breachflow.mesh.shapes import SHAPES
from breachflow.results.data import CellTopology, Column, Field, Patch, Quantity, Snapshot
from breachflow.results.text import result_line, result_text
from breachflow.words import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from xarray import Dataset

    from breachflow.arrays import Floats
    from breachflow.case.schema import Case

FOLDER: Final = "folder"
"""The entry of the provenance that names the folder of the case, to which paths in the case are relative."""


class Snapshots(Sequence[Snapshot]):
    """The snapshots of a transient result. Each is read from its file when it is asked for.

    Raises ResultError where the file of a snapshot is missing, damaged or of another run.
    """

    def __init__(self, numbers: Sequence[int], read: Callable[[int], Snapshot], label: str) -> None:
        self._numbers = numbers
        self._read = read
        self._label = label

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...
    @overload
    def __getitem__(self, index: slice) -> Snapshots: ...
    def __getitem__(self, index: int | slice) -> Snapshot | Snapshots:
        if isinstance(index, slice):
            return Snapshots(self._numbers[index], self._read, self._label)
        return self._read(self._numbers[index])

    def __repr__(self) -> str:
        return f"<{len(self)} snapshots in {self._label}>"


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """The result of a run, as its file has it; all numbers in SI units.

    Any name of the summary is an attribute: `result.mass_flow`, or `result["mass_flow"]`, is the plain value;
    `result.summary["mass_flow"]` has its unit and description. `print(result)` gives the summary as text, a
    notebook shows it as a table.
    """

    path: Path
    """The file."""
    points: Floats
    """(n_points, 3) coordinates, m."""
    cells: CellTopology
    summary: Mapping[str, Quantity]
    history: Mapping[str, Column]
    """Columns by iteration (steady) or time step (transient), (n_rows,) each."""
    probes: Mapping[str, Mapping[str, Column]]
    """Columns over time, (n_rows,) each, by the name of the probe."""
    patches: Mapping[str, Patch]
    """The boundary faces of the mesh by the name of their patch; none in files of older versions."""
    case_text: str
    """The case as it was given."""
    case_completed: str
    """The case with every default written out."""
    provenance: Mapping[str, str | int | float | bool]
    """Provenance of the result: versions, command, digests of sources and mesh, threads, date."""
    times: Floats
    """(n_snapshots,) times of the snapshots, s; empty in a steady result."""
    snapshots: Snapshots
    steady_fields: Mapping[str, Field]
    """The fields that the file itself has; none in a result with snapshots."""

    @cached_property
    def case(self) -> Case:
        """The case that was run, with every default; paths in it are relative to the folder it was run in.

        Raises ResultError where this version of the program cannot read the case.
        """
        from breachflow.case.read import parse_case

        folder = Path(str(self.provenance.get(FOLDER, self.path.parent)))
        try:
            return parse_case(self.case_completed, path=folder / "case.toml", allow_outside=True)
        except CaseError as error:
            raise ResultError(
                f"{self.path}: /case/completed: this version cannot read the case: {error}"
            ) from error

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields on cells; of a transient result those of the last snapshot.

        Raises ResultError where the file of that snapshot is missing or damaged.
        """
        return self.snapshots[-1].fields if self.snapshots else self.steady_fields

    @property
    def n_cells(self) -> int:
        """The number of cells of the mesh."""
        return len(self.cells.types)

    @property
    def is_in_space(self) -> bool:
        """Whether the cells are solids and not polygons of a plane."""
        return bool(np.isin(self.cells.types, [shape.code for shape in SHAPES.values()]).any())

    def field(self, name: str) -> NDArray[Any]:
        """The values of one field in SI units: (n_cells,) of a scalar, (n_cells, 3) of a vector.

        Raises KeyError where there is no such field.
        """
        if name not in self.fields:
            raise KeyError(f"no field {name!r}{_suggestion(name, self.fields)}")
        return self.fields[name].values

    def to_xarray(self) -> Dataset:
        """The fields on cells, with the centers of the cells as coordinates, and the history.

        Each variable has the attributes `units` and `long_name`; the columns of the history are named
        history_NAME; the values of the summary are attributes of the dataset. A transient result has its
        fields at the time of every snapshot.

        Raises UsageError where xarray is not installed, ResultError where a snapshot cannot be read.
        """
        from breachflow.results.exchange import result_dataset

        return result_dataset(self)

    def __getitem__(self, name: str) -> float | int | bool | str:
        if name not in self.summary:
            raise KeyError(f"no quantity {name!r} in the summary{_suggestion(name, self.summary)}")
        return self.summary[name].value

    def __getattr__(self, name: str) -> Any:
        summary = self.__dict__.get("summary", {})
        if name not in summary:
            raise AttributeError(f"a result has no {name!r}{_suggestion(name, summary)}")
        return summary[name].value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.summary})

    def __str__(self) -> str:
        return result_text(self.path, self.summary, self.provenance, self.times)

    def __repr__(self) -> str:
        return result_line(self.path, self.summary)

    def _repr_html_(self) -> str:
        from breachflow.results.html import result_html

        return result_html(self)


def _suggestion(name: str, known: Mapping[str, Any]) -> str:
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else f"; there are {', '.join(known) or 'none'}"
