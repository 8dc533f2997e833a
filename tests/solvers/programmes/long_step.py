"""Methods that do all of their work in one step."""

from __future__ import annotations

from typing import Any


def assert_one_long_step(form: Any, solver: Any) -> None:
    """Assert that the first step answers, that there is no answer before, and that later steps change nothing."""
    first = solver.init(form, 0)
    assert solver.answers(form, first) == {}
    assert not solver.finished(first)
    after = solver.step(form, first, 1)
    assert solver.finished(after)
    assert solver.step(form, after, 3) is after
