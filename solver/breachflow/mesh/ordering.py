"""The order of cells: neighbors close together in memory make gather loops and factorizations cheap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Ints


def reverse_cuthill_mckee(face_cells: Ints, n_cells: int) -> NDArray[np.int64]:
    """Old cell numbers in their new order, for `renumber` (Cuthill & McKee 1969, reversed: George 1971)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee as order_graph

    pairs = face_cells[face_cells[:, 1] >= 0]
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(n_cells, n_cells)).tocsr()
    order = order_graph((graph + graph.T).tocsr(), symmetric_mode=True)
    return np.asarray(order, dtype=np.int64)
