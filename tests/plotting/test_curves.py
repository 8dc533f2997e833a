"""The numbers of a figure, against traces whose figures are known by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.plotting.curves import Curve, curve
from eqsolve.plotting.figures import FALLING, HORIZONTAL, L1, SHOWN, UNITS, VERTICAL, Over
from eqsolve.store import Trace, read_trace
from eqsolve.store.trace import FIGURES


def trace(folder: Path, points: dict[int, Any], **more: Any) -> Trace:
    """A trace with these Nash gaps at these iterations, each of which took 10 ms."""
    path = folder / f"{len(list(folder.iterdir()))}.jsonl"
    records = [
        {"iteration": t, "nash_gap": y, "run": {"work_seconds": t / 100}}
        | {name: values[k] for name, values in more.items()}
        for k, (t, y) in enumerate(points.items())
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return read_trace(path, profiles=True)


def gaps(*traces: Trace, over: Over = Over.ITERATIONS, each_run: bool = False) -> Curve:
    return curve("runs", traces, "nash_gap", over, each_run=each_run)


def test_the_mean_and_the_deviation_are_those_of_the_sample_at_the_points_that_all_runs_measured(
    tmp_path: Path,
) -> None:
    made = gaps(trace(tmp_path, {0: 4, 1: 1, 2: 1}), trace(tmp_path, {0: 8, 2: 2, 3: 0}), trace(tmp_path, {0: 0, 2: 3}))
    [line] = made.lines
    np.testing.assert_array_equal(line.x, [0, 2])
    np.testing.assert_allclose(line.y, [4, 2])
    assert line.spread is not None
    np.testing.assert_allclose(line.spread, [4, 1])
    assert "of 3 runs at the 2 points that all of them measured, iterations 0 to 2" in made.says
    assert "where the shortest run ends; the longest goes on to 3" in made.says


def test_over_seconds_the_mean_stands_at_the_mean_time(tmp_path: Path) -> None:
    slow = trace(tmp_path, {0: 1, 1: 1}, run=[{"work_seconds": 0}, {"work_seconds": 3.0}])
    made = gaps(slow, trace(tmp_path, {0: 1, 1: 3}), over=Over.SECONDS)
    np.testing.assert_allclose(made.lines[0].x, [0, 1.505])
    assert "against their mean time" in made.says


def test_one_run_has_no_deviation_and_each_run_may_be_drawn(tmp_path: Path) -> None:
    one, other = trace(tmp_path, {0: 4, 5: 1}), trace(tmp_path, {0: 4, 7: 1})
    assert gaps(one).lines[0].spread is None
    both = gaps(one, other, each_run=True)
    assert [list(line.x) for line in both.lines] == [[0, 5], [0, 7]]
    assert "each of 2 runs at its measured points, iterations 0 to 5–7" in both.says


def test_runs_without_a_common_point_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no measured point in common"):
        gaps(trace(tmp_path, {1: 1}), trace(tmp_path, {2: 1}))


def test_points_without_a_figure_are_left_out_and_a_trace_without_any_is_refused(tmp_path: Path) -> None:
    made = gaps(trace(tmp_path, {0: None, 1: 2, 2: 3}))
    np.testing.assert_array_equal(made.lines[0].x, [1, 2])
    with pytest.raises(UsageError, match="has no cce_gap"):
        curve("run", [trace(tmp_path, {0: 1})], "cce_gap", Over.ITERATIONS)


def test_l1_accuracy_is_the_distance_to_the_final_policies_summed_over_states_and_averaged_over_players(
    tmp_path: Path,
) -> None:
    first = {"A": {"s": {"a": 0.5, "b": 0.5}, "t": {"a": 1, "b": 0}}, "B": {"s": {"c": 1.0}, "t": {"c": 1.0}}}
    last = {"A": {"s": {"a": 1.0, "b": 0.0}, "t": {"a": 0, "b": 1}}, "B": {"s": {"c": 1.0}, "t": {"c": 1.0}}}
    made = curve("run", [trace(tmp_path, {0: 1, 9: 0}, profile=[first, last])], L1, Over.ITERATIONS)
    # A moves by 1 in s and by 2 in t, B by nothing
    np.testing.assert_allclose(made.lines[0].y, [1.5, 0])
    with pytest.raises(UsageError, match="has no profiles") as refused:
        curve("run", [trace(tmp_path, {0: 1})], L1, Over.ITERATIONS)
    assert "--trace-profiles" in (refused.value.hint or "")


def test_a_trace_without_clocks_has_no_seconds(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no clocks"):
        gaps(trace(tmp_path, {0: 1}, run=[None]), over=Over.SECONDS)


def test_polished_answers_are_said(tmp_path: Path) -> None:
    assert "1 measured answer(s) had their support polished" in gaps(trace(tmp_path, {0: 1}, polished=[True])).says


def test_every_figure_has_its_axis_and_is_one_of_a_trace() -> None:
    assert {*FIGURES, L1} == set(SHOWN) == set(VERTICAL)
    assert set(FALLING) < set(SHOWN)
    assert set(HORIZONTAL) == set(UNITS) == set(Over)


def test_exploitability_is_the_sum_of_regrets_by_the_number_of_players(tmp_path: Path) -> None:
    measured = trace(tmp_path, {0: 4, 1: 1}, nash_conv=[6.0, 1.5], regrets=[[4, 2, 0], [1, 0.5, 0]])
    np.testing.assert_allclose(curve("run", [measured], "exploitability", Over.ITERATIONS).lines[0].y, [2, 0.5])
