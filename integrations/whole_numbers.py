"""Programs over whole numbers, solved by HiGHS: costs to be least, rows to be kept within limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

Term = tuple[int, float]
"""A variable's number, and what it is multiplied with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The values by the variables' numbers; no solution costs less than `bound`."""

    values: tuple[int, ...]
    bound: float


class WholeNumbers:
    """Built up variable by variable and row by row, then solved once."""

    def __init__(self) -> None:
        self._costs: list[float] = []
        self._most: list[float] = []
        self._least_of_rows: list[float] = []
        self._most_of_rows: list[float] = []
        self._starts: list[int] = [0]
        self._indexes: list[int] = []
        self._factors: list[float] = []

    def variable(self, cost: float = 0.0, most: float = 1.0) -> int:
        """A whole number from 0 to `most`; its number in all rows."""
        self._costs.append(cost)
        self._most.append(most)
        return len(self._costs) - 1

    def row(
        self,
        terms: Iterable[Term],
        *,
        least: float = -highspy.kHighsInf,
        most: float = highspy.kHighsInf,
    ) -> None:
        """The sum of these is within these limits; a variable may be among them more than once."""
        factors: dict[int, float] = {}
        for variable, factor in terms:
            factors[variable] = factors.get(variable, 0.0) + factor
        self._indexes += factors
        self._factors += factors.values()
        self._starts.append(len(self._indexes))
        self._least_of_rows.append(least)
        self._most_of_rows.append(most)

    def solved(self, seconds: float, start: Mapping[int, int] | None = None) -> Solved | None:
        """The best found in so much time, or None where there is none.

        `start` are values of some variables, of a solution that it may begin with.
        """
        program: Any = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self._costs), len(self._least_of_rows)
        program.col_cost_ = np.array(self._costs)
        program.col_lower_ = np.zeros(len(self._costs))
        program.col_upper_ = np.array(self._most)
        program.row_lower_ = np.array(self._least_of_rows)
        program.row_upper_ = np.array(self._most_of_rows)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.array(self._starts)
        program.a_matrix_.index_ = np.array(self._indexes)
        program.a_matrix_.value_ = np.array(self._factors)
        program.integrality_ = [highspy.HighsVarType.kInteger] * len(self._costs)
        solver: Any = highspy.Highs()
        solver.silent()
        solver.setOptionValue("time_limit", seconds)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 1)
        solver.passModel(program)
        if start:
            solver.setSolution(
                len(start), np.array(list(start)), np.array([*start.values()], float)
            )
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = tuple(round(value) for value in solver.getSolution().col_value)
        return Solved(values=values, bound=float(info.mip_dual_bound))
