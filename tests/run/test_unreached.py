"""What is filled in where play does not come: best replies, no larger gap, nothing where play does come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.base import Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics.judge import deviations
from eqsolve.metrics.reach import Unreached, unreached
from eqsolve.report import result_document, text
from eqsolve.run import unreached as completion
from eqsolve.run.unreached import filled
from eqsolve.spec.load import load, parse
from eqsolve.store import read_policy, write_policy
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.extensive import Node, Tree
from reference.forms import behaviour, sequence_policies


def sequence_game(text: str) -> SequenceForm:
    form = (load(text) if text.startswith("@") else parse(text, "g")).form
    assert isinstance(form, SequenceForm)
    return form


def completed(form: SequenceForm, profile: Profile) -> Profile:
    found = filled(form, profile)
    return profile if found is None else found.profile


def rows(form: SequenceForm, profile: Profile) -> Iterator[tuple[int, str, dict[str, float], Unreached | None]]:
    """Player, information set, probabilities by action, and whether play comes there."""
    reasons = unreached(form, profile)
    assert reasons is not None
    for i, policy in enumerate(profile):
        for (label, actions, row), why in zip(form.named_rows(i, policy), reasons[i], strict=True):
            yield i, label, dict(zip(actions, row.tolist(), strict=True)), why


@on_random_games(300)
def test_gaps_do_not_grow_and_rows_that_play_reaches_stay(whole: Whole) -> None:
    tree = draws.extensive(whole, 5)
    form = sequence_form(tree)
    profile = sequence_policies(form, draws.behaviour(whole, tree))
    after = completed(form, profile)
    assert [policy.tolist() for policy in completed(form, profile)] == [policy.tolist() for policy in after]
    rounding = 1e-14 * max(1.0, form.payoff_range)
    before, now = deviations(form, profile), deviations(form, after)
    np.testing.assert_allclose(now.values, before.values, rtol=0, atol=rounding)
    assert now.nash_gap <= before.nash_gap + rounding
    assert now.nash_conv <= before.nash_conv + rounding
    for (i, label, row, why), (_, _, row_now, why_now) in zip(rows(form, profile), rows(form, after), strict=True):
        assert (why is None) == (why_now is None)
        assert why is not None or row == row_now, (i, label)


@on_random_games(200)
def test_where_only_own_moves_exclude_a_set_nothing_is_gained_by_choosing_otherwise(whole: Whole) -> None:
    tree = draws.extensive(whole, 5)
    form = sequence_form(tree)
    after = completed(form, sequence_policies(form, draws.behaviour(whole, tree)))
    chosen = behaviour(form, after)
    for i in range(len(form.players)):
        gains = extensive.gains(tree, chosen, i).anywhere
        for player, label, _, why in rows(form, after):
            if player == i and why == Unreached.OWN:
                assert gains[label] == pytest.approx(0, abs=1e-11 * max(1.0, form.payoff_range))


def test_no_king_of_kuhn_poker_folds_whichever_equilibrium_it_was() -> None:
    spec = load("@kuhn/two-player")
    form = spec.form
    assert isinstance(form, SequenceForm)
    answer = api.solve(spec, "sequence-lp").answer
    assert answer is not None
    profiles = [answer.answer, *silly_equilibria(form)]
    assert len(profiles) == 3
    for profile in profiles:
        after = completed(form, profile)
        assert deviations(form, after).nash_gap <= 1e-15
        for _, label, row, _ in rows(form, after):
            if label.startswith("K") and "fold" in row:
                assert row == {"fold": 0, "call": 1}, label
            if label.startswith("J") and "fold" in row:
                assert row == {"fold": 1, "call": 0}, label


def silly_equilibria(form: SequenceForm) -> Iterator[Profile]:
    """Kuhn's equilibria with bluffs α of 0 and 1/3, and uniform rows where only own moves exclude them: no regrets."""
    for alpha in (0.0, 1 / 3):
        checks, faced = (1 - alpha, 1.0, 1 - 3 * alpha), (1.0, 2 / 3 - alpha, 0.5 if alpha else 0.0)
        rows_of = {"J check": 2 / 3, "Q check": 1.0, "K check": 0.0, "J bet": 1.0, "Q bet": 2 / 3, "K bet": 0.0}
        first = [1.0, *(p for check in (*checks, *faced) for p in (check, 1 - check))]
        second = [1.0, *(p for label in form.treeplexes[1].infosets for p in (rows_of[label], 1 - rows_of[label]))]
        profile = form.check([first, second]).profile
        assert deviations(form, profile).nash_gap <= 1e-15
        yield profile


@pytest.mark.parametrize("options", ["", ", merge_suits: false", ", raises: 1"])
def test_a_pair_of_kings_in_leduc_poker_never_folds(options: str) -> None:
    form = sequence_game(f"{{kind: leduc{options}}}")
    answer = api.solve(parse(f"{{kind: leduc{options}}}", "leduc"), "sequence-lp").answer
    assert answer is not None
    looked, silly = 0, 0
    for _, label, row, _ in rows(form, answer.answer):
        if label.startswith("K") and "[K" in label and "fold" in row:
            looked += 1
            silly += row["fold"] > 0
    assert looked >= 6
    assert silly == 0


def entry(shared: float) -> SequenceForm:
    """An entrant stays out, for 0, or enters: then the incumbent fights, which costs both 1, or shares."""
    fight, share = Node(payoffs=(-1, -1)), Node(payoffs=(shared, 1))
    entered = Node(children=(("fight", fight), ("share", share)), player=1, label="entered")
    door = Node(children=(("enter", entered), ("out", Node(payoffs=(0, 2)))), player=0, label="door")
    return sequence_form(Tree(("Entrant", "Incumbent"), door))


@pytest.mark.parametrize("fight", [1.0, 0.5])
def test_a_threat_that_keeps_another_out_stays_and_is_marked(fight: float) -> None:
    """The incumbent would lose by fighting, but sharing instead would bring the entrant in."""
    form = entry(shared=1)
    threat = form.check([[1, 0, 1], [1, fight, 1 - fight]]).profile
    assert deviations(form, threat).nash_gap == 0
    assert filled(form, threat) is None
    assert [why for _, _, _, why in rows(form, threat)] == [None, Unreached.OTHERS]


def test_where_nobody_would_come_for_it_the_better_choice_is_filled_in() -> None:
    form = entry(shared=-0.5)
    found = filled(form, form.check([[1, 0, 1], [1, 0.5, 0.5]]).profile)
    assert found is not None
    assert [policy.tolist() for policy in found.profile] == [[1, 0, 1], [1, 0, 1]]
    assert [flags.tolist() for flags in found.changed] == [[False], [True]]


def test_the_answer_its_file_and_what_is_printed_are_one_profile_and_say_what_was_filled(tmp_path: Path) -> None:
    spec = parse("{kind: leduc, raises: 1}", "leduc")
    result = api.solve(spec, "sequence-lp", exact=True)
    assert result.answer is not None
    assert result.exact is not None
    write_policy(tmp_path / "p.npz", result, spec)
    for kept, policy in zip(read_policy(tmp_path / "p.npz").policies, result.answer.answer, strict=True):
        assert kept.tolist() == policy.tolist()
    document = json.loads(json.dumps(result_document(result, profile=True)))
    for i, label, row, why in rows(spec.form, result.answer.answer):  # type: ignore[arg-type]  # extensive
        player = spec.form.players[i]
        assert document["profile"][player][label] == row
        assert document["unreached"][player].get(label) == why
        exact = document["exact"]["profile"][player][label]
        assert {action for action, p in exact.items() if p != "0"} == {action for action, p in row.items() if p}
    assert document["exact"]["regrets"] == ["0", "0"]
    assert any(document["unreached"].values())
    assert any("policies are best replies" in note for note in document["notes"])
    marked = [line for line in text(document).splitlines() if "unreached" in line]
    assert len(marked) == sum(map(len, document["unreached"].values()))
    assert document["last_nash_gap"] == document["nash_gap"]


def test_games_with_too_many_leaves_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    form = sequence_game("{kind: kuhn}")
    never = form.check([[1, *[1, 0] * 6], [1, *[1, 0] * 6]]).profile
    assert filled(form, never) is not None
    monkeypatch.setattr("eqsolve.metrics.reach.MAX_LEAVES_READ", 29)
    assert filled(form, never) is None


def test_once_the_effort_is_spent_rows_that_the_others_exclude_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    form = sequence_game("{kind: kuhn}")
    never = form.check([[1, *[1, 0] * 6], [1, *[1, 0, 0.5, 0.5] * 3]]).profile
    monkeypatch.setattr(completion, "EFFORT", 0)
    after = completed(form, never)
    kept = {label for i, label, row, why in rows(form, after) if why == Unreached.OTHERS}
    before = {(i, label): row for i, label, row, _ in rows(form, never)}
    assert kept
    assert all(row == before[i, label] for i, label, row, why in rows(form, after) if why == Unreached.OTHERS)


def test_the_judge_looks_less_often_at_deep_trees_where_each_look_takes_long() -> None:
    def chain(moves: int) -> str:
        below = "{payoffs: [0, 0]}"
        for move in range(moves):
            below = f"{{player: {move % 2}, actions: {{go: {below}, stop: {{payoffs: [{move % 7}, {move % 5}]}}}}}}"
        return f"{{kind: extensive, players: 2, root: {below}}}"

    form = sequence_game(chain(20))
    levels = sum(len(treeplex.levels) for treeplex in form.treeplexes)
    assert levels == 20
    looks = completion._Work(form, form.uniform())._tries
    assert looks == completion.EFFORT // (21 + completion.LEVEL * 20)
