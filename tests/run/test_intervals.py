"""Judges that can only bound a gap: the run goes by the upper bound, and every output says that there are two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from eqsolve.forms.base import Form, Profile
from eqsolve.metrics import judge
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judges import Judge, judge_of
from eqsolve.report import record_document, result_document, result_schema, text
from eqsolve.run.result import Status
from run.scripted import CHOICE, Scripted, exactly, solve, to

#: How far a sampled regret may be off.
ERROR = 0.5


@pytest.fixture(autouse=True)
def _sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge every profile as one that samples would: by regrets that may be off by ERROR."""

    def sampled(form: Form, profile: Profile) -> Deviations:
        exact = judge_of(form).deviations(form, profile)
        return replace(exact, regrets=exact.regrets + ERROR, least=exact.regrets - ERROR)

    def as_sampled(form: Form) -> Judge:
        return replace(judge_of(form), deviations=sampled)

    monkeypatch.setattr(judge, "judge_of", as_sampled)


def test_a_run_ends_where_the_upper_bound_is_within_the_tolerance() -> None:
    result = solve(Scripted(lambda n: 4 - n / 10), to(1.0))
    assert result.status is Status.CONVERGED
    assert result.answer is not None
    gap = result.answer.record.gap
    assert gap.value == gap.high <= 1.0
    assert gap.high - gap.low == pytest.approx(2 * ERROR)
    before = [record.gap for record in result.records if record.iteration < result.iterations]
    assert all(one.high > 1.0 for one in before)
    assert any(one.low < 1.0 for one in before)


def test_the_bounds_are_in_text_json_and_trace() -> None:
    result = solve(Scripted(lambda n: 2.0), exactly(1))
    document: dict[str, Any] = result_document(result)
    jsonschema.validate(document, result_schema())
    assert document["gap_bounds"] == [1.5, 2.5]
    assert document["nash_gap"] == 2.5
    assert "nash_gap      1.5 to 2.5" in text(document)
    assert result.answer is not None
    assert record_document(result.answer, CHOICE)["gap_bounds"] == [1.5, 2.5]
