"""Result documents: one shape for every outcome, valid JSON whatever was measured."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from eqsolve.forms.base import Profile
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.correlated import JointDeviations
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.exact_regrets import ExactDeviations
from eqsolve.report import json_text, record_document, regret_document, result_document, result_schema, text
from eqsolve.run.result import (
    Algorithm,
    Clocks,
    Exact,
    Game,
    Measured,
    Record,
    Result,
    Status,
)

FORM = TensorGame(("Ann", "Bob"), (("up", "down"), ("left", "mid", "right")), np.arange(12.0).reshape(2, 2, 3))
GAME = Game(FORM, "matrix", "small", "0f" * 32)


def measured(scale: float = 1.0, **figures: float) -> Measured[Profile]:
    regrets = np.array([0.25, 0.5]) * scale
    deviations = Deviations(np.array([1.0, 2.0]), np.array([1.0, 2.0]) + regrets, regrets, float(regrets.max()))
    record = Record(7, "average", False, deviations.gap, deviations.figures | figures, Clocks(1.0, 2.0, 3.0))
    return Measured((np.array([1.0, 0.0]), np.array([0.5, 0.5, 0.0])), record)


def result(**changes: Any) -> Result:
    usual = Result(
        game=GAME,
        algorithm=Algorithm("regret-matching+", {"gamma": 1.0}, "auto", "a general game"),
        status=Status.CONVERGED,
        iterations=9,
        tolerance=0.5,
        answer=measured(),
        chosen="best",
        last=measured(2.0).record,
        equilibria=None,
        complete=None,
        records=(),
        seed=3,
        clocks=Clocks(1.0, 2.0, 3.0),
    )
    return replace(usual, **changes)


CASES: dict[str, dict[str, Any]] = {
    "usual": {},
    "no answer": {"answer": None, "last": None, "equilibria": (), "status": Status.EXHAUSTED},
    "no tolerance": {"tolerance": None, "status": Status.ITERATION_LIMIT},
    "diverged": {"status": Status.DIVERGED, "last": None},
    "infinite": {"answer": measured(np.inf), "tolerance": np.inf},
    "not a number": {"answer": measured(np.nan, potential=np.nan, cce_gap=-np.inf)},
    "several": {"equilibria": (measured(0.0), measured(0.1)), "complete": "every pure equilibrium"},
    "products": {
        "equilibria": (measured(0.0), measured(0.0), measured(0.0)),
        "complete": "every extreme equilibrium (3 corner equilibria in 2 components)",
        "components": (1, 2, 2),
        "nash_subsets": (((0,), (0,)), ((1,), (1, 2))),
    },
}


def correlated(concept: Concept = Concept.CE, **changes: Any) -> dict[str, Any]:
    """What a run for a correlated equilibrium leaves in place of an answer."""
    figures = JointDeviations(np.array([1.0, 2.0]), np.array([0.25, 0.0]), np.array([0.125, -1.0]))
    joint = Joint(np.array([[0, 2], [1, 1]]), np.array([0.25, 0.75]))
    record = Record(1, "joint", False, figures.gap(concept), figures.figures, Clocks(1.0, 2.0, 3.0))
    algorithm = Algorithm(str(concept), {"objective": "welfare"}, str(concept), None, concept)
    return {"answer": None, "last": None, "algorithm": algorithm, "joint": Measured(joint, record)} | changes


CASES |= {
    "correlated": correlated(),
    "coarse correlated": correlated(Concept.CCE),
    "no joint distribution": correlated(joint=None, status=Status.EXHAUSTED),
}


def test_a_joint_distribution_has_gaps_of_its_own_and_no_nash_gap() -> None:
    for concept in (Concept.CE, Concept.CCE):
        document = result_document(result(tolerance=0.2, **correlated(concept)), profile=True)
        assert (document["concept"], document["answer"]["name"]) == (str(concept), "joint")
        assert document["joint"] == {
            "support": [
                {"probability": 0.25, "actions": {"Ann": "up", "Bob": "right"}},
                {"probability": 0.75, "actions": {"Ann": "down", "Bob": "mid"}},
            ],
            "ce_regrets": [0.25, 0.0],
            "cce_regrets": [0.125, -1.0],
        }
        assert [document[name] for name in ("ce_gap", "cce_gap", "welfare")] == [0.25, 0.125, 3.0]
        nash = (
            "nash_gap",
            "nash_conv",
            "max_regret",
            "max_regret_is",
            "regrets",
            "best_response_values",
            "nash_gap_relative",
            "profile",
        )
        assert [document[name] for name in nash] == [None] * len(nash)
        shown = text(document)
        assert "Nash" not in shown
        assert "nash" not in shown
        place = "above" if concept == Concept.CE else "within"
        assert f"{concept.gap} {place} the tolerance, 0.2 (" in shown
        assert "joint         0.75          Ann: down, Bob: mid" in shown.splitlines()


def test_a_trace_of_a_joint_distribution_names_its_gaps() -> None:
    measured_joint = correlated()["joint"]
    record = record_document(measured_joint, FORM)
    assert [record[name] for name in ("nash_gap", "ce_gap", "cce_gap", "values")] == [None, 0.25, 0.125, [1.0, 2.0]]
    assert "joint" not in record
    assert record_document(measured_joint, FORM, profile=True)["joint"]["ce_regrets"] == [0.25, 0.0]
    assert record_document(measured(), FORM, profile=True)["joint"] is None


@pytest.mark.parametrize("profile", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_every_outcome_fits_the_schema_and_makes_a_text(case: str, profile: bool) -> None:
    document = result_document(result(**CASES[case]), profile=profile)
    Draft202012Validator(result_schema()).validate(json.loads(json_text(document)))
    assert text(document).endswith("\n")
    assert all(line == line.rstrip() for line in text(document).splitlines() if "player" not in line)


def test_the_schema_is_itself_valid_and_refuses_what_is_missing() -> None:
    Draft202012Validator.check_schema(result_schema())
    document = result_document(result())
    for key in document:
        assert not Draft202012Validator(result_schema()).is_valid({k: v for k, v in document.items() if k != key})


def test_keys_come_in_the_order_of_the_reference() -> None:
    keys = (
        "schema status game algorithm seed iterations tolerance concept answer nash_gap nash_conv exploitability"
        " max_regret regrets values best_response_values welfare potential cce_gap ce_gap quantal_gap quantal_precision"
        " max_regret_is last_nash_gap payoff_range nash_gap_relative"
        " equilibria complete nash_subsets joint profile unreached notes run"
    )
    assert " ".join(result_document(result(), profile=True, run={})) == keys
    assert " ".join(regret_document(GAME, measured(), claimed=None, profile=True, run={})) == keys


def test_fractions_of_any_length_are_written_out() -> None:
    digits = 10**5000
    exact = Exact(
        "answer",
        ((Fraction(1, 3), Fraction(2, 3)), (Fraction(0), Fraction(1), Fraction(0))),
        ExactDeviations((Fraction(-1, 3), Fraction(digits)), (Fraction(0), Fraction(1, digits + 1))),
    )
    document = result_document(result(exact=exact), profile=True)
    assert list(document)[list(document).index("exact") - 1 :] == ["unreached", "exact", "notes"]
    assert document["exact"] == {
        "of": "answer",
        "values": ["-1/3", "1" + "0" * 5000],
        "regrets": ["0", "1/1" + "0" * 4999 + "1"],
        "profile": {"Ann": {"up": "1/3", "down": "2/3"}, "Bob": {"left": "0", "mid": "1", "right": "0"}},
    }
    Draft202012Validator(result_schema()).validate(document)
    assert regret_document(GAME, measured(), claimed=None, exact=exact)["exact"]["values"][0] == "-1/3"
    lines = text(document).splitlines()
    source = "the answer itself, its float64 numbers taken as fractions"
    assert f"exact         not exact     some regret is above 0, in fractions: {source}" in lines
    assert "exact_value Ann    -1/3" in lines
    assert "exact_value Bob    1.00000e+5000 of 5001 characters: --format json has them" in lines
    for wrong in ({"of": "guess"}, {"values": [0.5]}, {"regrets": ["0.5"]}):
        assert not Draft202012Validator(result_schema()).is_valid(document | {"exact": document["exact"] | wrong})


def test_figures_are_those_of_the_answer_and_the_last_iterates_gap_stands_beside() -> None:
    document = result_document(result())
    assert document["nash_gap"] == 0.5
    assert document["last_nash_gap"] == 1.0
    assert document["nash_gap_relative"] == 0.5 / FORM.payoff_range
    assert document["welfare"] == 3.0


def test_a_figure_that_is_not_finite_is_null() -> None:
    document = result_document(result(**CASES["not a number"]))
    assert [document[name] for name in ("nash_gap", "potential", "cce_gap")] == [None] * 3
    assert document["regrets"] == [None, None]
    assert record_document(measured(np.inf), FORM)["nash_gap"] is None


def test_clocks_of_a_record_are_provenance() -> None:
    assert record_document(measured(), FORM)["run"] == {"work_seconds": 1.0, "check_seconds": 2.0, "load_seconds": 3.0}
    assert "run" not in record_document(measured(), FORM, provenance=False)
    assert record_document(measured(), FORM, profile=True)["profile"]["Bob"] == {"left": 0.5, "mid": 0.5, "right": 0.0}
