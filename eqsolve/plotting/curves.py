"""Curves from traces: which numbers a figure shows. `plot` draws them.

1. a run's series is one figure of its trace at the points where it was measured, over iterations or seconds;
2. runs of one label make one curve: the mean and the standard deviation at the points that all of them measured.
   Measuring points depend on the iteration only, so that runs of one method share them up to the end of the shortest;
   beyond it there is no mean, since one over the runs still going on would be a mean of the slow ones;
3. `Curve.says` tells in words what is shown.

L1 accuracy is that of Fox, McAleer, Overman and Panageas 2022 (arXiv:2110.10614, section 4):
(1/N) Σ_i Σ_s Σ_a |π_i(a|s) − π_i^final(a|s)|, π^final being the last profile of the run's own trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.plotting.figures import L1, Over
from eqsolve.store.trace import Trace


@dataclass(frozen=True)
class Series:
    """Points [T] of a line; `spread` is one standard deviation about y, None where there is none."""

    x: Array
    y: Array
    spread: Array | None = None


@dataclass(frozen=True)
class Curve:
    """The lines under one label; what stands in the legend, and in words what they are."""

    label: str
    lines: tuple[Series, ...]
    legend: str
    says: str


def curve(label: str, traces: Sequence[Trace], figure: str, over: Over, *, each_run: bool = False) -> Curve:
    """The curve of one label: its run; with `each_run` every run as a line; else mean ± standard deviation.

    UsageError where a trace does not hold what is asked for.
    """
    values = [_values(trace, figure) for trace in traces]
    clocks = [_clock(trace, over) for trace in traces]
    if len(traces) == 1 or each_run:
        lines = tuple(
            Series(x[measured], y[measured])
            for x, y in zip(clocks, values, strict=True)
            for measured in [np.isfinite(y)]
        )
        runs = "one run" if len(traces) == 1 else f"each of {len(traces)} runs"
        legend = label if len(traces) == 1 else f"{label} ({len(traces)} runs)"
        return Curve(label, lines, legend, f"{runs} at its measured points, {_reach(traces)}{_polished(traces)}")
    return _mean(label, traces, clocks, values, over)


def _mean(label: str, traces: Sequence[Trace], clocks: list[Array], values: list[Array], over: Over) -> Curve:
    k = len(traces)
    measured = [np.isfinite(y) for y in values]
    iterations = [trace.iterations[at] for trace, at in zip(traces, measured, strict=True)]
    common: NDArray[np.int64] = reduce(np.intersect1d, iterations)
    if common.size == 0:
        raise UsageError(f"{label}: its {k} runs have no measured point in common", "--runs draws each of them")
    y = np.array([_at(common, t, v[at]) for t, v, at in zip(iterations, values, measured, strict=True)])
    x = np.array([_at(common, t, c[at]) for t, c, at in zip(iterations, clocks, measured, strict=True)])
    last = max(int(t[-1]) for t in iterations)
    shortest = "" if last == common[-1] else f", where the shortest run ends; the longest goes on to {last}"
    clock = ", against their mean time" if over == Over.SECONDS else ""
    says = (
        f"mean ± one standard deviation (of the sample) of {k} runs at the {common.size} points that all of them "
        f"measured, iterations {common[0]} to {common[-1]}{shortest}{clock}{_polished(traces)}"
    )
    # ddof=1: the runs are a sample of the seeds that there are
    line = Series(x.mean(axis=0), y.mean(axis=0), y.std(axis=0, ddof=1))
    return Curve(label, (line,), f"{label} (mean ± s.d. of {k} runs)", says)


def _at(common: NDArray[np.int64], iterations: NDArray[np.int64], values: Array) -> Array:
    """The values at the iterations in `common`, all of which are among `iterations`."""
    return values[np.searchsorted(iterations, common)]


def _values(trace: Trace, figure: str) -> Array:
    """The figure at every point, NaN where it was not measured; other names are those of the method's own figures."""
    if figure == L1:
        if trace.profiles is None:
            raise UsageError(f"{trace.origin}: has no profiles", "solve --trace-profiles writes them into the trace")
        distance: Array = np.abs(trace.profiles - trace.profiles[-1]).sum(axis=1) / trace.players
        return distance
    if figure not in trace.figures:
        if figure not in trace.own:
            named = f"its method has {', '.join(trace.own)}" if trace.own else "its method has no figures of its own"
            raise UsageError(f"{trace.origin}: has no '{figure}'; {named}", f"all have {', '.join(trace.figures)}")
        return trace.own[figure]
    values = trace.figures[figure]
    if not np.isfinite(values).any():
        raise UsageError(f"{trace.origin}: has no {figure}: this game or this method has none")
    return values


def _clock(trace: Trace, over: Over) -> Array:
    if over == Over.ITERATIONS:
        return trace.iterations.astype(np.float64)
    if trace.seconds is None:
        raise UsageError(f"{trace.origin}: has no clocks", "it was written with --no-provenance")
    return trace.seconds


def _reach(traces: Sequence[Trace]) -> str:
    """From which iteration to which; ends that differ are given as a range."""
    ends = sorted(int(trace.iterations[-1]) for trace in traces)
    end = f"{ends[0]}" if ends[0] == ends[-1] else f"{ends[0]}–{ends[-1]}"
    return f"iterations {min(int(trace.iterations[0]) for trace in traces)} to {end}"


def _polished(traces: Sequence[Trace]) -> str:
    """An answer whose support was polished is no iterate, and a jump of the curve may be its doing."""
    count = sum(int(trace.polished.sum()) for trace in traces)
    return f"; {count} measured answer(s) had their support polished" if count else ""
