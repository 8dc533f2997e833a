"""`eqsolve compare`: profiles of one game against each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from eqsolve.report import comparison_schema

Cli = Callable[..., Any]


def document(done: Any) -> dict[str, Any]:
    assert done.code == 0, done.err
    parsed: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(comparison_schema()).validate(parsed)
    return parsed


def test_two_equilibria_of_a_coordination_game_meet(eqsolve: Cli, folder: Path) -> None:
    """Each plays its own favourite: nobody gets anything. Their own values are 3 and 2, or 2 and 3."""
    (folder / "a.json").write_text('{"Row": {"Opera": 1}, "Column": {"Opera": 1}}')
    (folder / "b.json").write_text('{"Row": {"Football": 1}, "Column": {"Football": 1}}')
    found = document(eqsolve("compare", "a.json", "b.json", "--game", "couple.yaml", "--format", "json"))
    assert [one["values"] for one in found["profiles"]] == [[3, 2], [2, 3]]
    assert [one["nash_gap"] for one in found["profiles"]] == [0, 0]
    (pair,) = found["pairs"]
    assert pair["first_in_seat"] == pair["second_in_seat"] == [[0, 0], [0, 0]]
    assert pair["distances"] == [{"largest": 1, "row": None, "mean": 1}] * 2
    text = eqsolve("compare", "a.json", "b.json", "--game", "couple.yaml").out
    assert ["profile", "2", "nash_gap", "0", "b.json"] in [line.split() for line in text.splitlines()]


def test_policy_files_bring_their_game_and_a_better_policy_wins(eqsolve: Cli) -> None:
    eqsolve("solve", "kuhn.yaml", "-a", "cfr", "--max-iter", 3, "-o", "early.npz", "-q")
    eqsolve("solve", "kuhn.yaml", "-a", "sequence-lp", "-o", "exact.npz", "-q")
    found = document(eqsolve("compare", "early.npz", "exact.npz", "--format", "json"))
    (pair,) = found["pairs"]
    assert pair["first_mean"] == pytest.approx(-pair["second_mean"])
    assert pair["first_mean"] <= 0
    assert 0 < pair["largest_distance"] <= 1
    # head to head each seat of a zero-sum game sums to 0, and no policy gets more against an optimal one than its value
    assert all(sum(values) == pytest.approx(0) for values in pair["first_in_seat"])
    assert pair["first_in_seat"][0][0] <= -1 / 18 + 1e-9


def test_more_than_two_and_files_that_hold_several_are_compared_pair_by_pair(eqsolve: Cli, folder: Path) -> None:
    (folder / "ne.txt").write_text("NE,1,0,1,0\nNE,0,1,0,1\n")
    (folder / "c.json").write_text('{"Row": {"Opera": "3/5", "Football": "2/5"}}')
    arguments = ("compare", "ne.txt", "c.json", "--game", "couple.yaml")
    found = document(eqsolve(*arguments, "--format", "json"))
    assert [(pair["first"], pair["second"]) for pair in found["pairs"]] == [(1, 2), (1, 3), (2, 3)]
    assert [one["name"] for one in found["profiles"]] == ["ne.txt: line 1", "ne.txt: line 2", "c.json"]
    assert "c.json: policy of Column: not given, uniform" in found["notes"]
    scores = [line.split() for line in eqsolve(*arguments).out.splitlines()]
    assert ["3", "1.4", "1.15"] in scores


def test_three_players_take_each_seat_in_turn(eqsolve: Cli) -> None:
    start = ("solve", "crowd.yaml", "-a", "inpg", "-p", "init=dirichlet", "--max-iter", 1, "-q")
    for seed in (0, 1):
        assert eqsolve(*start, "--seed", seed, "-o", f"{seed}.npz").code == 0
    found = document(eqsolve("compare", "0.npz", "1.npz", "--format", "json"))
    (pair,) = found["pairs"]
    assert [len(row) for row in pair["first_in_seat"]] == [3, 3, 3]
    own = [pair["first_in_seat"][i][i] for i in range(3)]
    assert pair["first_mean"] == pytest.approx(sum(own) / 3)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["a.json", "--game", "couple.yaml"], 2, "expected 2 to 50 profiles to compare, found 1"),
        (["a.json", "a.json"], 2, "--game"),
        (["-", "-", "--game", "couple.yaml"], 2, "only one input"),
        (["a.json", "missing.npz", "--game", "couple.yaml"], 3, "missing.npz"),
        (["p.npz", "q.npz"], 3, "is a policy of"),
    ],
)
def test_mistakes_are_one_line(eqsolve: Cli, folder: Path, arguments: list[str], code: int, words: str) -> None:
    (folder / "a.json").write_text('{"Row": {"Opera": 1}}')
    eqsolve("solve", "couple.yaml", "-a", "pure", "-o", "p.npz", "-q")
    eqsolve("solve", "chicken.yaml", "-a", "pure", "-o", "q.npz", "-q")
    done = eqsolve("compare", *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
