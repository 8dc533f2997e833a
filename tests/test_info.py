"""What `info` says before a run holds in the run: who fits, what is chosen, seconds and bytes within a factor of 2."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eqsolve import api, info, memory
from eqsolve.errors import MismatchError, UsageError
from eqsolve.forms.extensive import cards
from eqsolve.info import Survey, survey
from eqsolve.run.method import check_fit
from eqsolve.spec.load import GameSpec, load, parse
from reference.specs import TEXTS, spec

GAMES = ("pennies", "three players", "weighted congestion", "distancing")


def estimates(found: Survey) -> dict[str, float | None]:
    return {c.row.name: c.estimate.seconds for c in found.candidates if c.estimate is not None}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time each method for 5 ms and not for 0.2 s: for tests that do not ask how long an iteration takes."""
    monkeypatch.setattr(info, "TIMED", 0.005)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", TEXTS)
def test_the_algorithms_that_it_names_are_those_that_accept_the_game(name: str) -> None:
    game = spec(name)
    for candidate in survey(game, cycles=2).candidates:
        if candidate.misfit is None:
            check_fit(candidate.row, game.form)
            assert candidate.estimate is not None
            assert candidate.estimate.seconds is not None
            assert candidate.estimate.seconds > 0
        else:
            with pytest.raises(MismatchError) as refusal:
                check_fit(candidate.row, game.form)
            assert refusal.value.message.endswith(candidate.misfit)
            assert candidate.estimate is None


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", GAMES)
def test_what_it_says_of_auto_is_what_auto_does(name: str) -> None:
    game = spec(name)
    found, run = survey(game, cycles=2), api.solve(game, max_iter=0)
    assert (found.chosen, found.reason) == (run.algorithm.name, run.algorithm.reason)


CROWD = """
kind: distancing
players: 24
weights: {A: 1, B: 2, C: 4}
penalty: 100
spread_above: 12
safe_at_most: 8
discount: 0.99
start: [1/2, 1/2]
"""


@pytest.mark.parametrize(
    ("text", "algorithm", "steps"),
    [
        (CROWD, "inpg", 400),
        (TEXTS["three players"], "regret-matching+", 200_000),
        (TEXTS["distancing"], "inpg", 50_000),
    ],
    ids=["a crowd", "a small normal form", "a small Markov game"],
)
def test_seconds_per_iteration_hold_within_a_factor_of_two(text: str, algorithm: str, steps: int) -> None:
    game, ratios = parse(text, "game.yaml"), []
    for _ in range(6):  # other work on the machine may slow one of the two
        estimate = estimates(survey(game, cycles=2))[algorithm]
        result = api.solve(game, algorithm, max_iter=steps, measure_every=steps)
        assert estimate is not None
        ratios.append(estimate / (result.clocks.work / result.iterations))
        if 0.5 <= ratios[-1] <= 2:
            return
    raise AssertionError(ratios)


def peak(folder: Path, *arguments: str) -> int:
    """Bytes that a process of `eqsolve ARGUMENTS` takes at most."""
    run = f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'eqsolve', *{list(arguments)!r}], check=True"
    tell = "import resource; print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    program = f"{run}, stdout=subprocess.DEVNULL)\n{tell}"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["bimatrix", "crowd"])
def test_memory_holds_within_a_factor_of_two(which: str, tmp_path: Path) -> None:
    """Beside what the program takes for a small game of the same kind."""
    if which == "bimatrix":
        np.save(tmp_path / "u.npy", np.random.default_rng(0).random((2, 1200, 1200)))
        (tmp_path / "large.yaml").write_text("{kind: matrix, payoffs: u.npy}")
        (tmp_path / "small.yaml").write_text(TEXTS["general 3x2"])
    else:
        (tmp_path / "large.yaml").write_text(
            "{kind: distancing, players: 80, weights: {A: 1, B: 2, C: 4, D: 6}, penalty: 100, spread_above: 40,"
            " safe_at_most: 20, discount: 0.99, start: [1/2, 1/2]}"
        )
        (tmp_path / "small.yaml").write_text(TEXTS["distancing"])
    found = survey(load(tmp_path / "large.yaml"), cycles=2)
    [estimate] = [c.estimate for c in found.candidates if c.row.name == "inpg"]
    assert estimate is not None
    assert estimate.memory is not None
    taken = [
        peak(tmp_path, "solve", name, "-q", "-a", "inpg", "--max-iter", "3") for name in ("large.yaml", "small.yaml")
    ]
    real = taken[0] - taken[1]
    assert real > 20e6
    assert 0.5 <= estimate.memory / real <= 2


def test_a_game_too_large_for_the_machine_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 256)

    def run(*_: object) -> None:
        raise AssertionError("run")

    monkeypatch.setattr("eqsolve.info.deviations", run)
    found = survey(spec("distancing"))
    assert found.note is not None
    assert "more than half" in found.note
    assert found.findings == ()
    assert found.judging is None
    assert all(c.estimate is None or (c.estimate.seconds is None and c.estimate.memory) for c in found.candidates)


@pytest.mark.usefixtures("hasty")
def test_a_payoff_tensor_that_nobody_can_hold_is_never_built() -> None:
    """60 players of 3 strategies: 3^60 joint actions."""
    game = parse(
        "{kind: congestion, players: 60, resources: {a: {affine: [1, 0]}, b: {affine: [2, 1]}, c: {affine: [1, 5]}},"
        " strategies: [[a], [b], [c]]}",
        "many.yaml",
    )
    found = survey(game, cycles=4)
    verdicts = {f.name: f.holds for f in found.findings}
    assert verdicts["potential"] is True
    assert verdicts["symmetric"] is None
    assert {c.row.name: c.misfit for c in found.candidates}["pure"] == "its payoff table is too large, or it has none"


def test_a_long_single_step_is_not_timed_where_it_would_take_long() -> None:
    rng = np.random.default_rng(0)
    rows = "\n".join(f"  - [{', '.join(f'{x:.3f}' for x in row)}]" for row in rng.random((230, 230)))
    game: GameSpec = parse(f"kind: matrix\nzero_sum:\n{rows}\n", "large.yaml")
    [lp] = [c.estimate for c in survey(game, cycles=2).candidates if c.row.name == "zero-sum-lp"]
    assert lp is not None
    assert lp.seconds is None
    assert lp.note is not None


def test_a_seed_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="seed"):
        survey(spec("pennies"), seed=-1)


def test_measuring_takes_seconds_not_minutes() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    survey(spec("three players"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 20


def test_a_game_of_too_many_leaves_is_not_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(info, "MAX_LEAVES", 1000)
    monkeypatch.setattr(cards, "MAX_LEAVES", 1000)
    found = survey(parse("{kind: leduc}", "x"))
    assert found.note == "1116 leaves are too many to look at one by one"
    assert (found.findings, found.judging) == ((), None)
    assert {c.estimate.note for c in found.candidates if c.estimate is not None} == {"not timed: the game is too large"}


def test_where_one_measurement_is_long_no_steps_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(info, "LONG_JUDGING", 0.0)
    candidates = info.survey(api.load("@congestion/braess"), cycles=2).candidates
    estimates = [candidate.estimate for candidate in candidates if candidate.misfit is None]
    assert len(estimates) > 5
    for estimate in estimates:
        assert estimate is not None
        assert estimate.seconds is None
        assert estimate.note is not None
        assert estimate.note.startswith("not timed: measuring one answer takes")
