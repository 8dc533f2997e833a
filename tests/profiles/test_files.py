"""Files with profiles, of whatever program, told apart by their content."""

from __future__ import annotations

import json
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqsolve import api
from eqsolve.errors import StoreError, UsageError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules
from eqsolve.profiles import gambit
from eqsolve.profiles.files import read_profiles
from eqsolve.profiles.given import GivenJoint, checked
from eqsolve.report import result_document
from eqsolve.spec.load import parse

COUPLE = "{kind: matrix, players: [Row, Column], payoffs: [[[3, 2], [0, 0]], [[0, 0], [2, 3]]]}"
#: B's sets by depth: `b2` (after a1), `early` (after a2), then `late`; a traversal meets `late` before `early`.
TREE = """
kind: extensive
players: [A, B]
root:
  player: A
  infoset: top
  actions:
    a1:
      player: B
      infoset: b2
      actions:
        l: {player: B, infoset: late, actions: {x: {payoffs: [0, 1]}, y: {payoffs: [1, 0]}}}
        r: {payoffs: [2, 0]}
    a2: {player: B, infoset: early, actions: {u: {payoffs: [0, 0]}, v: {payoffs: [1, 1]}, w: {payoffs: [3, 3]}}}
"""


def written(folder: Path, text: str, name: str = "p.txt") -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_a_result_is_read_with_what_it_says_of_its_game_and_run(tmp_path: Path) -> None:
    game = parse(COUPLE, "couple")
    result = api.solve(game, "inpg", max_iter=3)
    path = written(tmp_path, json.dumps(result_document(result, profile=True)))
    file = read_profiles(path)
    assert result.answer is not None
    read = file.profile(game.form, file.entries[0])
    for ours, theirs in zip(read.profile, result.answer.answer, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert file.claim is not None
    assert (file.claim.game.hash, file.claim.algorithm and file.claim.algorithm.name) == (game.hash, "inpg")
    file.require(game)
    with pytest.raises(StoreError, match="is a policy of couple"):
        file.require(parse("{kind: matrix, zero_sum: [[1, 2], [3, 4]]}", "other"))
    with pytest.raises(UsageError, match="does not hold the game"):
        file.game(tmp_path)
    bare = written(tmp_path, json.dumps(result_document(result)))
    with pytest.raises(StoreError, match="no profile is in it") as refused:
        read_profiles(bare)
    assert "--profile" in str(refused.value.hint)


def test_of_a_result_with_an_answer_and_a_list_the_answer_is_taken_and_it_is_said(tmp_path: Path) -> None:
    result = api.solve("@matrix/chicken", "vertex-enumeration")
    path = tmp_path / "result.json"
    path.write_text(json.dumps(result.to_dict()))
    file = read_profiles(path)
    assert len(file.entries) == 1
    assert file.notes == (f"{path} lists 3 equilibria; the one that it answers with is taken",)


def test_of_a_result_without_an_answer_in_it_all_equilibria_are_taken(tmp_path: Path) -> None:
    game = parse(COUPLE, "couple")
    file = read_profiles(written(tmp_path, json.dumps(result_document(api.solve(game, "vertex-enumeration")))))
    assert [entry.name for entry in file.entries] == ["equilibrium 1", "equilibrium 2", "equilibrium 3"]
    assert all(entry.recorded is not None for entry in file.entries)


def test_lines_of_gambit_are_profiles_and_other_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    form = parse(COUPLE, "couple").form
    text = "0.5,0.1,0.9,0.5,0.5\nNE,1,0,1,0\n\nNE,3/5,2/5,0.4,0.6\nconvex-1,1,0\n"
    file = read_profiles(written(tmp_path, text))
    assert [entry.name for entry in file.entries] == ["line 2", "line 4"]
    assert file.notes == ("2 other lines of the file are no equilibria of Gambit's: passed over",)
    read = file.profile(form, file.entries[1])
    assert read.exact == ((Fraction(3, 5), Fraction(2, 5)), (Fraction(2, 5), Fraction(3, 5)))
    with pytest.raises(StoreError, match="line 1: number 2: expected one such as 1/3"):
        read_profiles(written(tmp_path, "NE,1,x"))
    short = read_profiles(written(tmp_path, "NE,1,0,1"))
    with pytest.raises(StoreError, match="the line has 3 numbers, the game has 4 strategies"):
        short.profile(form, short.entries[0])


def traversal(rules: Rules, state: Any, met: list[dict[str, int]]) -> list[dict[str, int]]:
    """Each player's information sets with their numbers of actions, in the order in which recursion meets them."""
    turn = rules.turn(state)
    if turn == TERMINAL:
        return met
    if turn != CHANCE:
        met[turn].setdefault(rules.infoset(state), len(rules.actions(state)))
    for k in range(len(rules.chances(state) if turn == CHANCE else rules.actions(state))):
        traversal(rules, rules.after(state, k), met)
    return met


@pytest.mark.parametrize("spec", [TREE, "{kind: kuhn}", "{kind: goofspiel, cards: 3}"])
def test_lines_of_trees_list_information_sets_in_the_order_of_a_depth_first_traversal(spec: str) -> None:
    game = parse(spec, "tree")
    form = game.form
    assert isinstance(form, SequenceForm)
    rules = game.family.rules()  # type: ignore[attr-defined]  # families of trees have them
    met = traversal(rules, rules.root(), [{} for _ in form.players])
    rng = np.random.default_rng(1)
    rows = [{label: rng.multinomial(12, np.ones(n) / n).tolist() for label, n in own.items()} for own in met]
    line = gambit.Line(tuple(Fraction(k, 12) for own in rows for row in own.values() for k in row))
    read = checked(form, line)
    assert read.exact is not None
    for i, own in enumerate(rows):
        found = {label: row.tolist() for label, _, row in form.named_rows(i, np.array(read.exact[i]))}
        assert found == {label: [Fraction(k, 12) for k in row] for label, row in own.items()}
    if spec == TREE:
        assert list(met[1]) == ["b2", "late", "early"]
        assert form.treeplexes[1].infosets == ("b2", "early", "late")


def test_rows_of_zeros_in_a_line_of_a_tree_are_sets_that_are_not_reached() -> None:
    read = checked(parse(TREE, "tree").form, gambit.Line(tuple(map(Fraction, (0, 1, 0, 0, 0, 0, 0, 0, 1)))))
    assert read.profile[1].tolist() == [1, 0.5, 0.5, 0, 0, 1, 0.5, 0.5]
    assert read.notes == ("2 information sets have only zeros: not reached, taken as uniform",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        ("hello", "neither a policy file"),
        ("{", "not JSON"),
        ('{"Row": 1, "Row": 2}', "the key 'Row' stands twice"),
        ('{"kind": "matrix", "zero_sum": [[1]]}', "is a game, not a profile"),
        ('{"schema": "eqsolve.info/1"}', "holds no profile"),
        ('{"schema": "eqsolve.result/9"}', "this version of eqsolve reads"),
        ('{"schema": "eqsolve.result/1", "game": 3}', "damaged: game"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_holds_no_profile_is_refused_saying_what_it_is(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(StoreError) as refused:
        read_profiles(written(tmp_path, text))
    assert words in refused.value.message


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(["1/2", "Row", "a", "1/0", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Row", "Column", "0", "policies", "profile", "joint", "support", "equilibria", "game"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(values, st.booleans())
def test_whatever_json_holds_is_a_profile_or_refused(
    tmp_path_factory: pytest.TempPathFactory, document: Any, claimed: bool
) -> None:
    form = parse(COUPLE, "couple").form
    if claimed and isinstance(document, dict):
        document = document | {"schema": "eqsolve.result/1"}
    path = written(tmp_path_factory.getbasetemp(), json.dumps(document), "any.json")
    with suppress(StoreError):
        file = read_profiles(path)
        for entry in file.entries:
            read = file.either(form, entry, normalise=True)
            parts = [read.joint.probabilities] if isinstance(read, GivenJoint) else read.profile
            assert all(abs(part.sum() - 1) < 1e-9 and part.min() >= 0 for part in parts)
