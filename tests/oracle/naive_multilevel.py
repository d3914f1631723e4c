"""Slow, plain reference of the multilevel preconditioner: dictionaries of couplings, dense matrices."""

from __future__ import annotations

from typing import NamedTuple

import naive_steps
import numpy as np

FEWEST_ROWS, LEAST_SHRINKING = 20, 0.8

Couplings = list[dict[int, float]]
"""For each row, the strength of its coupling with each neighbor."""


class Level(NamedTuple):
    """One level of the dense reference; the group of each row is None on the coarsest level."""

    matrix: np.ndarray
    """(n, n, k, k) blocks"""
    pattern: np.ndarray
    weight: np.ndarray
    """(n, k)"""
    group: np.ndarray | None


def couplings(faces, n_cells: int) -> Couplings:
    """Areas of the faces between cells."""
    strength: Couplings = [{} for _ in range(n_cells)]
    for a, b, area in zip(faces.left.tolist(), faces.right.tolist(), faces.area.tolist(), strict=True):
        if b < n_cells:
            for one, other in ((a, b), (b, a)):
                strength[one][other] = strength[one].get(other, 0.0) + area
    return strength


def pairs(strength: Couplings) -> list[int]:
    """Each row in turn joins the free neighbor with the strongest coupling, or the first of equal ones."""
    group: dict[int, int] = {}
    for row, near in enumerate(strength):
        if row in group:
            continue
        number = len(set(group.values()))
        group[row] = number
        free = [other for other in sorted(near) if other not in group and near[other] > 0.0]
        if free:
            group[max(free, key=lambda other: near[other])] = number
    return [group[row] for row in range(len(strength))]


def joined(strength: Couplings, group: list[int]) -> Couplings:
    """Couplings of the groups: sums of the couplings of their rows."""
    coarse: Couplings = [{} for _ in range(max(group) + 1)]
    for row, near in enumerate(strength):
        for other, value in near.items():
            a, b = group[row], group[other]
            if a != b:
                coarse[a][b] = coarse[a].get(b, 0.0) + value
    return coarse


def groups(strength: Couplings) -> list[list[int]]:
    """The groups of each level: pairs of pairs, until few rows are left or few can be joined."""
    found = []
    while len(strength) >= FEWEST_ROWS:
        first = pairs(strength)
        second = pairs(joined(strength, first))
        group = [second[number] for number in first]
        if max(group) + 1 > LEAST_SHRINKING * len(group):
            break
        found.append(group)
        strength = joined(strength, group)
    return found


def prolongation(group: np.ndarray, k: int) -> np.ndarray:
    """Every row of a group gets the group's value of each unknown."""
    spread = (group[:, None] == np.arange(group.max() + 1)).astype(float)
    return np.kron(spread, np.eye(k))


def flat(blocks: np.ndarray) -> np.ndarray:
    """Blocks (n, n, k, k) as a matrix (n k, n k)."""
    n, _, k, _ = blocks.shape
    return blocks.transpose(0, 2, 1, 3).reshape(n * k, n * k)


def coarser(level: Level) -> tuple[np.ndarray, np.ndarray]:
    """Dense (n k, n k) sum V^-1 P^T W A P of the equations undivided by their weights W, and the sums V."""
    k = level.matrix.shape[2]
    spread = prolongation(level.group, k)
    weight = spread.T @ level.weight.ravel()
    product = spread.T @ (level.weight.reshape(-1, 1) * flat(level.matrix)) @ spread
    return product / weight[:, None], weight.reshape(-1, k)


def incomplete_solve(level: Level, right_side: np.ndarray) -> np.ndarray:
    lower, upper = naive_steps.triangles(naive_steps.block_ilu(level.matrix, level.pattern))
    return np.linalg.solve(upper, np.linalg.solve(lower, right_side))


def diagonal_solve(level: Level, right_side: np.ndarray) -> np.ndarray:
    """(D + U)^-1 D (D + L)^-1, L and U of the matrix, D_i = A_ii - sum over j < i of A_ij D_j^-1 A_ji."""
    matrix, n = level.matrix.copy(), len(level.matrix)
    for i in range(n):
        for j in range(i):
            matrix[i, i] -= matrix[i, j] @ np.linalg.inv(matrix[j, j]) @ level.matrix[j, i]
    lower, upper, diagonal = (flat(matrix * mask[:, :, None, None]) for mask in masks(n))
    return np.linalg.solve(upper, diagonal @ np.linalg.solve(lower, right_side))


def masks(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The lower triangle, the upper one, both with the diagonal, and the diagonal."""
    return np.tri(n), np.tri(n).T, np.eye(n)


def cycle(levels: list[Level], right_side: np.ndarray, solve=incomplete_solve) -> np.ndarray:
    """Solve the coarser problem first, then apply the incomplete factors to the remaining residual."""
    level, k = levels[0], levels[0].matrix.shape[2]
    if level.group is None:
        return solve(level, right_side)
    spread = prolongation(level.group, k)
    total = spread.T @ (level.weight.ravel() * right_side) / levels[1].weight.ravel()
    solution = spread @ cycle(levels[1:], total, solve)
    return solution + solve(level, right_side - flat(level.matrix) @ solution)
