"""Which cells gas reaches without passing some faces."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import AnyInts, Bools
from breachflow.mesh.mesh import Mesh


def cells_before(mesh: Mesh, faces: AnyInts, sources: AnyInts) -> Bools:
    """Whether gas reaches each cell (n_cells,) from the sources without passing the faces (n,)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    is_open = mesh.face_cells[:, 1] >= 0
    is_open[faces] = False
    pairs = mesh.face_cells[is_open]
    graph = coo_matrix((np.ones(len(pairs), dtype=np.int8), pairs.T), shape=(mesh.n_cells, mesh.n_cells))
    part = connected_components(graph, directed=False)[1]
    return np.asarray(np.isin(part, part[mesh.face_cells[sources, 0]]))
