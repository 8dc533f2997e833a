"""Threads: the blocks that a game is cut into, and that no bit depends on how many work on them."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout import side_by_side as single
from eqsolve.forms.extensive.layout import thread_blocks as cutting
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.kernels.threads import at_once, threads
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.cfr import _threaded_sweep as blocks
from eqsolve.spec.load import parse
from reference import draws

GAMES = {
    "hands, depth first": "{kind: leduc}",
    "three players": "{kind: leduc, players: 3, raises: 1}",
    "no hands, breadth first": "{kind: goofspiel, cards: 4}",
}


@pytest.fixture(autouse=True)
def small_games_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LARGE", 0)
    monkeypatch.setattr(cutting, "BLOCKS", 8)
    monkeypatch.setattr(single, "WORTH_IT", 0.0)  # one lane: rows of which each lane goes its own way are not cut


def form_of(spec: str) -> SequenceForm:
    form = parse(spec, "t").form
    assert isinstance(form, SequenceForm)
    return form


@pytest.mark.parametrize("spec", GAMES.values(), ids=GAMES)
def test_blocks_hold_all_that_follows_them(spec: str) -> None:
    """Each group is in one block or on the top, and only roots follow a row outside of their block."""
    form = form_of(spec)
    arrays, found = form.arrays, form.blocks
    owner = np.full(arrays.rows[-1], -1)
    for group, (first, count) in enumerate(zip(arrays.first, arrays.counts, strict=True)):
        owner[first : first + count] = group
        assert len(set(arrays.above[first : first + count])) == len(set(found.above[first : first + count])) == 1
    for i in range(len(form.players)):
        groups = range(arrays.groups[i], arrays.groups[i + 1])
        block_of = np.full(arrays.groups[-1], -1)
        for block, (begin, end) in enumerate(found.ranges[i]):
            assert (block_of[begin:end] == -1).all()
            block_of[begin:end] = block
        above, lifted = arrays.above[arrays.first], found.above[arrays.first]
        roots = [g for g in groups if lifted[g] != above[g]]
        assert len(found.ranges[i]) > 1
        assert sorted(found.tops[i]) == [g for g in groups if block_of[g] == -1 or g in roots]
        spare = range(arrays.rows[i + 1], arrays.rows[i + 1] + found.spare[i])
        assert [lifted[g] for g in roots] == list(spare)
        for g in groups:
            over = owner[above[g]]
            assert (over >= 0 and block_of[over] == block_of[g]) == (g not in roots) or block_of[g] == -1
            assert over < 0 or block_of[over] in (-1, block_of[g])


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
@pytest.mark.parametrize("spec", GAMES.values(), ids=GAMES)
def test_bits_do_not_depend_on_threads(spec: str, update: str) -> None:
    """A run in one piece, and in blocks by two and by three threads."""
    form = form_of(spec)
    solver = SOLVERS["pdcfr+"].load()(update=update)
    one = solver.step(form, solver.init(form, 0), 12)
    assert one.average.any()
    for count in (2, 3):
        with threads(count):
            assert blocks.in_threads(form)
            state = solver.step(form, solver.step(form, solver.init(form, 0), 5), 7)
        for ours, theirs in zip(state[1:4], one[1:4], strict=True):
            assert ours.tobytes() == theirs.tobytes()
        assert state.plays.deviation.tobytes() == one.plays.deviation.tobytes()
        assert state.plays.realised.tobytes() == one.plays.realised.tobytes()


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_nor_do_those_of_another_minimiser(update: str) -> None:
    form = form_of(GAMES["three players"])
    solver = SOLVERS["hedge-cfr"].load()(update=update)
    one = solver.step(form, solver.init(form, 0), 12)
    with threads(2):
        two = solver.step(form, solver.step(form, solver.init(form, 0), 5), 7)
    assert one.average.any()
    assert one.regrets.tobytes() == two.regrets.tobytes()
    assert one.average.tobytes() == two.average.tobytes()


def test_nor_do_they_where_players_have_unequal_numbers_of_rows() -> None:
    """What one player's blocks leave behind must not be where another's roots are added up."""
    unequal = 0
    solver = SOLVERS["cfr"].load()()
    for k in range(150):
        form = sequence_form(draws.extensive(draws.seeded(f"threads {k}")))
        unequal += bool(form.blocks.spare.any() and np.ptp(np.diff(form.arrays.rows)))
        one = solver.step(form, solver.init(form, 0), 5)
        with threads(2):
            two = solver.step(form, solver.init(form, 0), 5)
        for ours, theirs in zip(two[1:4], one[1:4], strict=True):
            assert ours.tobytes() == theirs.tobytes()
    assert unequal > 20


def test_a_solved_game_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    game = parse(GAMES["hands, depth first"], "t")
    one = api.solve(game, "cfr+", max_iter=30)
    monkeypatch.delattr("eqsolve.solvers.cfr.counterfactual.alternating_sweep")
    two = api.solve(game, "cfr+", max_iter=30, threads=2)
    assert one.answer is not None
    assert two.answer is not None
    for ours, theirs in zip(two.answer.answer, one.answer.answer, strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_small_games_stay_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of("{kind: kuhn}")
    monkeypatch.setattr(blocks, "LARGE", 2**21)
    with threads(2):
        assert not blocks.in_threads(form)


def test_a_failure_in_a_thread_is_the_callers() -> None:
    def work(part: int, parts: int) -> None:
        raise ZeroDivisionError(f"{part} of {parts}")

    with threads(2), pytest.raises(ZeroDivisionError, match="0 of 2"):
        at_once(work)


def test_threads_are_counted_from_one() -> None:
    with pytest.raises(UsageError, match="threads: expected a whole number of at least 1, got 0"):
        api.solve(parse("{kind: kuhn}", "t"), "cfr+", max_iter=1, threads=0)
