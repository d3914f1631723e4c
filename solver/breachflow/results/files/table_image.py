"""The HDF5 image of the table of a sweep, in the layout of netCDF-4."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from breachflow.results.files.layout import TABLE_ATTRIBUTE
from breachflow.results.files.netcdf import (
    Dimensions,
    describe,
    write_array,
    write_attribute,
    write_attributes,
    write_axis,
)
from breachflow.results.table import SweepTable

if TYPE_CHECKING:
    import h5py

TABLE_VERSION: Final = 1

LAW_GROUP: Final = "law"


def table_image(table: SweepTable) -> memoryview:
    """The image of a table; equal tables have equal images."""
    import h5py

    image = BytesIO()
    with h5py.File(image, "w", track_order=True) as file:
        file.attrs[TABLE_ATTRIBUTE] = TABLE_VERSION
        dimensions = Dimensions(file)
        scales = [write_axis(file, axis, dimensions) for axis in table.axes]
        for name, variable in table.variables.items():
            dataset = write_array(file, name, variable.values, scales, dimensions)
            describe(dataset, variable.unit, variable.description)
        write_attributes(file, table.attributes, dimensions)
        if table.law is not None:
            _write_law(file.create_group(LAW_GROUP, track_order=True), table.law, dimensions)
    return image.getbuffer()


def _write_law(group: h5py.Group, law: Mapping[str, Any], dimensions: Dimensions) -> None:
    """Write arrays as variables, numbers and texts as attributes, mappings as groups."""
    for name, value in law.items():
        if isinstance(value, Mapping):
            _write_law(group.create_group(name, track_order=True), value, dimensions)
        elif np.ndim(value) == 0:
            write_attribute(group, name, value)
        else:
            values = np.asarray(value)
            scales = [dimensions.bare(f"length{i}_{n}", n) for i, n in enumerate(values.shape)]
            write_array(group, name, values, scales, dimensions)
