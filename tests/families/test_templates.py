"""What `eqsolve new KIND` prints is a game."""

from __future__ import annotations

import pytest

from eqsolve.metrics.judge import deviations
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.load import parse
from eqsolve.spec.reader import read
from reference.forms import as_mixed


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_template_is_a_game_that_can_be_judged(kind: str) -> None:
    spec = parse(family(kind).template, f"{kind}.yaml")
    assert spec.kind == kind
    assert deviations(spec.form, as_mixed(spec.form).uniform()).nash_gap >= 0


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_template_explains_each_of_its_keys_and_opens_with_the_kind(kind: str) -> None:
    template = family(kind).template
    assert template.startswith((f"kind: {kind}\n", f"kind: {kind} "))
    lines = template.splitlines()
    for key in read(template, "template").value:
        assert key == "kind" or any("#" in line for line in lines if line.startswith(f"{key}:")) or key == "actions"


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_family_says_in_a_line_what_it_is(kind: str) -> None:
    assert (family(kind).__doc__ or "").strip()
