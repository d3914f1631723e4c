"""The order of cells: neighbors close together in memory make loops and factorizations fast."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import Indices, Ints


def reverse_cuthill_mckee(face_cells: Ints, n_cells: int) -> Indices:
    """The old cell numbers in their new order (n_cells,), for `renumber`.

    `face_cells` is (n_faces, 2) with -1 on the boundary. E. Cuthill and J. McKee, Proc. 24th ACM Conf. (1969)
    157; reversed: J. A. George, Stanford report CS-208 (1971).
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee as order_graph

    pairs = face_cells[face_cells[:, 1] >= 0]
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(n_cells, n_cells)).tocsr()
    order = order_graph((graph + graph.T).tocsr(), symmetric_mode=True)
    return np.asarray(order, dtype=np.int64)
