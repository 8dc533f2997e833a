"""Games, specs and results go through pickle, as to the processes of a batch, and come back as they were."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.base import Form
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.report import document
from eqsolve.spec import catalogue
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.load import GameSpec, load, parse
from reference.forms import as_mixed
from reference.specs import TEXTS

#: Entries of a profile beyond which judging and naming would take minutes.
LARGE = 10**6
TREE = """EFG 2 R "matching pennies" { "one" "two" }
p "" 1 1 "" { "H" "T" } 0
p "" 2 1 "" { "H" "T" } 0
t "" 1 "" { 1 -1 }
t "" 2 "" { -1 1 }
p "" 2 1 "" { "H" "T" } 0
t "" 3 "" { -1 1 }
t "" 4 "" { 1 -1 }
"""


def copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301  (made here)


def arrays_of(value: Any) -> list[np.ndarray[Any, Any]]:
    """All arrays within tuples."""
    if isinstance(value, np.ndarray):
        return [value]
    return [array for part in value for array in arrays_of(part)] if isinstance(value, tuple) else []


def assert_alike(form: Form, other: Form) -> None:
    """The same game to the last bit, its arrays closed to writing; of a large one as far as it is stored."""
    assert type(other) is type(form)
    assert (other.players, other.shapes) == (form.players, form.shapes)
    if int(form.offsets[-1]) > LARGE:
        assert isinstance(form, CardForm)
        assert isinstance(other, CardForm)
        for one, two in zip((form.tree, *form.treeplexes), (other.tree, *other.treeplexes), strict=True):
            stored, found = (arrays_of(tuple(vars(whole).values())) for whole in (one, two))
            assert len(stored) >= 3
            assert all(map(np.array_equal, stored, found))
        return
    for i in range(len(form.players)):
        assert as_mixed(other).rows_of(i) == as_mixed(form).rows_of(i)
    assert as_mixed(other).actions == as_mixed(form).actions
    stored, found = arrays_of(tuple(form.arrays)), arrays_of(tuple(other.arrays))
    assert [a.tobytes() for a in found] == [a.tobytes() for a in stored]
    assert not any(array.flags.writeable for array in found)
    profile = as_mixed(form).uniform()
    ours, theirs = deviations(form, profile), deviations(other, profile)
    assert ours.regrets.tobytes() == theirs.regrets.tobytes()
    assert ours.values.tobytes() == theirs.values.tobytes()


def assert_goes_through(spec: GameSpec) -> None:
    """Before its game is built, and after."""
    unbuilt = copied(spec)
    assert unbuilt.hash == spec.hash
    if int(spec.form.offsets[-1]) <= LARGE:
        assert_alike(spec.form, unbuilt.form)
    built = copied(spec)
    assert built.hash == spec.hash
    assert_alike(spec.form, built.form)


#: The game that takes seconds to build and to copy; the smaller one of its family takes the same paths.
LONG = "liars-dice/two-dice"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name == LONG else name for name in catalogue.names()]
)
def test_a_game_of_the_catalogue_goes_through(name: str) -> None:
    assert_goes_through(load(f"@{name}"))


@pytest.mark.parametrize("kind", [kind for kind in FAMILIES if kind != "openspiel"])
def test_a_game_of_each_family_goes_through(kind: str) -> None:
    assert_goes_through(parse(family(kind).template, "template.yaml"))


def test_a_tree_of_a_file_goes_through() -> None:
    assert_goes_through(parse(TREE, "pennies.efg"))


def test_what_a_formula_makes_exact_is_exact_still() -> None:
    spec = load("@cournot/two-springs")
    assert isinstance(spec.form, TensorGame)
    before, after = spec.form.exact, copied(spec.form).exact
    assert before is not None
    assert after.denominator == before.denominator
    np.testing.assert_array_equal(after.paid, before.paid)


@pytest.mark.parametrize("name", ["kuhn/two-player", "extensive/selten-horse"])
def test_histories_can_still_be_walked(name: str) -> None:
    form = load(f"@{name}").form
    assert isinstance(form, SequenceForm)
    before, after = arrays_of(tuple(form.histories)), arrays_of(tuple(copied(form).histories))
    assert [a.tobytes() for a in after] == [a.tobytes() for a in before]


def test_what_was_computed_stays_behind() -> None:
    form = load("@leduc/two-player").form
    assert isinstance(form, CardForm)
    small = len(pickle.dumps(form))
    assert len(form.leaves.chance) == form.size
    assert len(form.arrays.lanes) > 0
    assert len(pickle.dumps(form)) == small


@pytest.mark.parametrize("name", TEXTS)
def test_a_result_goes_through(name: str) -> None:
    result = api.solve(parse(TEXTS[name], name), max_iter=3)
    other = copied(result)
    assert document.result_document(other, profile=True) == document.result_document(result, profile=True)
    assert other.policies == result.policies
