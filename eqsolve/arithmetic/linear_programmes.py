"""Linear programmes solved by HiGHS (Huangfu and Hall 2018), with the basis where it ends.

The simplex method, one thread; what it calls optimal is a vertex, so that its entries are right to rounding, far below
the tolerances. These are absolute: callers scale their numbers so that 1 is large.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array
from eqsolve.kernels import loading

Found = TypeVar("Found")

#: Primal and dual feasibility; the smallest that HiGHS takes.
FEASIBILITY = 1e-10
#: Probabilities up to this in a solution are rounding and count as 0.
NEGLIGIBLE = 1e-14
#: How far from 0 or 1 a binary entry may be; with less than this HiGHS overlooks solutions more often.
INTEGRALITY = 1e-9


class Entries(NamedTuple):
    """A sparse matrix: rows and columns int64 [K] of its `values` float64 [K], each place once, in any order."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Array


class Programme(NamedTuple):
    """Maximise costs · v [n] subject to lower ≤ A v ≤ upper [m], v ≥ least. −∞ and ∞ are no bounds."""

    costs: Array
    least: Array
    lower: Array
    upper: Array
    matrix: Entries


class Optimum(NamedTuple):
    """An optimum: v, `values` [n]; the constraints' `multipliers` [m], whatever their sign; `solved`: it was proved.

    `basic_columns` [n], `basic_rows` [m]: which variables and which constraints' slacks are basic.
    """

    values: Array
    multipliers: Array
    solved: bool
    basic_columns: NDArray[np.bool_]
    basic_rows: NDArray[np.bool_]


def _library() -> Any:
    """Return HiGHS's module; importing it counts as loading."""
    with loading:
        import highspy
    return highspy


def maximum(programme: Programme) -> Optimum:
    """Return where HiGHS ends on a programme, `solved` if it proved that to be optimal."""
    highspy = _library()

    highs = _given(programme)
    highs.setOptionValue("solver", "simplex")
    highs.run()
    solution, basis = highs.getSolution(), highs.getBasis()

    def basic(statuses: Any) -> NDArray[np.bool_]:
        return np.fromiter((status == highspy.HighsBasisStatus.kBasic for status in statuses), np.bool_)

    return Optimum(
        np.array(solution.col_value),
        np.array(solution.row_dual),
        highs.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        basic(basis.col_status),
        basic(basis.row_status),
    )


class WholeOptimum(NamedTuple):
    """The best v, `values` [n], proved to be best; or None, and then whether it is `proved` that there is none."""

    values: Array | None
    proved: bool


def whole_maximum(programme: Programme, binary: NDArray[np.bool_]) -> WholeOptimum:
    """Return the best v whose entries `binary` [n] are 0 or 1.

    Of 1,000 programmes that have such a v HiGHS calls one or two infeasible when it presolves them. So "infeasible"
    counts as proved only if a second run, without presolve, says so too.
    """
    highspy = _library()

    statuses = []
    for presolve, feasibility in (("choose", INTEGRALITY), ("off", FEASIBILITY)):
        highs = _given(programme, binary)
        for option in ("mip_rel_gap", "mip_abs_gap"):
            highs.setOptionValue(option, FEASIBILITY)
        highs.setOptionValue("mip_feasibility_tolerance", feasibility)
        highs.setOptionValue("presolve", presolve)
        highs.run()
        statuses.append(highs.getModelStatus())
        if statuses[-1] == highspy.HighsModelStatus.kOptimal:
            return WholeOptimum(np.array(highs.getSolution().col_value), True)
    return WholeOptimum(None, set(statuses) == {highspy.HighsModelStatus.kInfeasible})


def _given(programme: Programme, binary: NDArray[np.bool_] | None = None) -> Any:
    """Return HiGHS holding a programme, its variables `binary` [n] restricted to 0 and 1."""
    highspy = _library()
    with loading:
        from eqsolve.arithmetic.highs import silent_highs
    columns, rows = len(programme.costs), len(programme.lower)
    matrix = programme.matrix
    order = np.lexsort((matrix.rows, matrix.columns))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = programme.costs
    lp.col_lower_, lp.col_upper_ = programme.least, np.full(columns, highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = programme.lower, programme.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lengths = np.bincount(matrix.columns, minlength=columns)
    lp.a_matrix_.start_ = np.concatenate([[0], lengths.cumsum()]).astype(np.int32)
    lp.a_matrix_.index_ = matrix.rows[order].astype(np.int32)
    lp.a_matrix_.value_ = matrix.values[order]
    if binary is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.col_upper_ = np.where(binary, 1.0, highspy.kHighsInf)
        lp.integrality_ = [kinds[int(whole)] for whole in binary]
    highs = silent_highs()
    for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(option, FEASIBILITY)
    highs.passModel(lp)
    return highs


def in_thread(function: Callable[..., Found], *arguments: Any) -> Found:
    """Call function(*arguments) in a worker thread and return its result, or raise what it raises.

    HiGHS returns to Python only when it is done; the caller, who waits here, is meanwhile interrupted by Ctrl-C.
    """
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function, *arguments).result()
