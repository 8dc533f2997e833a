"""`eqsolve regret`: judges what any tool made, and trusts no file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from eqsolve.report import result_schema

Cli = Callable[..., Any]


def test_it_measures_what_solve_measured_without_the_spec_at_hand(eqsolve: Cli, policy: Path, folder: Path) -> None:
    solved = json.loads(eqsolve("solve", "couple.yaml", "-a", "inpg", "--max-iter", 9, "--format", "json").out)
    (folder / "couple.yaml").unlink()
    judged = json.loads(eqsolve("regret", policy, "--format", "json", "--profile").out)
    Draft202012Validator(result_schema()).validate(judged)
    for name in ("game", "algorithm", "status", "iterations", "answer", "nash_gap", "regrets", "values", "potential"):
        assert judged[name] == solved[name]
    assert judged["cce_gap"] is None
    assert set(judged["profile"]["Row"]) == {"Opera", "Football"}


def test_exact_regrets_are_those_of_the_very_numbers_in_the_file(eqsolve: Cli, folder: Path) -> None:
    """Kuhn poker where all check and fold: the better card wins 1, and a bet would have won the same or more."""
    rows = {"policies": [[1, *[1, 0] * 6]] * 2}
    (folder / "p.json").write_text(json.dumps(rows))
    arguments = ["regret", "p.json", "--game", "kuhn.yaml", "--exact"]
    judged = json.loads(eqsolve(*arguments, "--format", "json").out)
    Draft202012Validator(result_schema()).validate(judged)
    assert judged["exact"] == {"of": "answer", "values": ["0", "0"], "regrets": ["1", "1"]}
    assert judged["regrets"] == pytest.approx([1, 1])
    assert "exact_regret P2    1" in eqsolve(*arguments).out.splitlines()
    done = eqsolve("regret", "p.json", "--game", "couple.yaml", "--exact")
    assert done.code == 3
    (folder / "q.json").write_text('{"policies": [[1, 0], [0, 1]]}')
    rounded = json.loads(eqsolve("regret", "q.json", "--game", "couple.yaml", "--exact", "--format", "json").out)
    assert rounded["exact"] == {"of": "answer", "values": ["0", "0"], "regrets": ["2", "2"]}
    (folder / "c.json").write_text('{"policies": [[[1, 0], [0, 1]], [[1, 0], [0, 1]], [[1, 0], [0, 1]]]}')
    done = eqsolve("regret", "c.json", "--game", "crowd.yaml", "--exact")
    assert (done.code, done.err.splitlines()[0]) == (
        2,
        "error: exact: expected a game in normal form, or an extensive game with rules, got one of the kind distancing",
    )


def test_a_plain_profile_has_no_algorithm_and_no_status(eqsolve: Cli, folder: Path) -> None:
    (folder / "p.json").write_text('{"policies": [[1, 0], [0, 1]]}')
    judged = json.loads(eqsolve("regret", "p.json", "--game", "couple.yaml", "--format", "json").out)
    Draft202012Validator(result_schema()).validate(judged)
    assert [judged[name] for name in ("status", "algorithm", "iterations", "answer", "seed")] == [None] * 5
    assert judged["regrets"] == [2, 2]
    assert "profile       p.json" in eqsolve("regret", "p.json", "-g", "couple.yaml").out


def test_a_profile_can_come_from_standard_input(process: Cli, folder: Path) -> None:
    (folder / "p.json").write_text('{"policies": [[1, 0], [0, 1]]}')
    with (folder / "p.json").open() as stream:
        assert "nash_gap      2 " in process("regret", "-", "--game", "couple.yaml", stdin=stream).out


def test_a_plain_profile_needs_the_game(eqsolve: Cli, folder: Path) -> None:
    (folder / "p.json").write_text('{"policies": [[1, 0], [0, 1]]}')
    done = eqsolve("regret", "p.json")
    assert done.code == 2
    assert "--game" in done.err


def test_the_policy_of_another_game_is_refused_naming_both(eqsolve: Cli, policy: Path) -> None:
    done = eqsolve("regret", policy, "--game", "chicken.yaml")
    assert done.code == 3
    assert "The couple" in done.err
    assert "not of chicken" in done.err


def test_the_same_game_written_otherwise_is_the_same_game(eqsolve: Cli, policy: Path, folder: Path) -> None:
    (folder / "again.yaml").write_text(
        "{kind: matrix, name: other, players: [Row, Column], actions: [[Opera, Football], [Opera, Football]],"
        " payoffs: {Row: [[3, 0], [0, 2]], Column: [[2, 0], [0, 3]]}}"
    )
    assert eqsolve("regret", policy, "--game", "again.yaml").code == 0


def test_array_files_travel_inside_the_policy(eqsolve: Cli, folder: Path) -> None:
    np.save(folder / "u.npy", np.arange(8.0).reshape(2, 2, 2))
    (folder / "file.yaml").write_text("{kind: matrix, payoffs: u.npy}")
    eqsolve("solve", "file.yaml", "-a", "pure", "-o", "p.npz")
    (folder / "u.npy").unlink()
    assert eqsolve("regret", "p.npz").code == 0


def test_array_files_too_large_to_travel_are_looked_for_beside_the_policy(eqsolve: Cli, folder: Path) -> None:
    np.save(folder / "u.npy", np.random.default_rng(0).random((2, 260, 260)))
    (folder / "file.yaml").write_text("{kind: matrix, payoffs: u.npy}")
    assert eqsolve("solve", "file.yaml", "-a", "inpg", "--max-iter", 1, "-o", "p.npz").code == 0
    assert (folder / "p.npz").stat().st_size < 200_000
    assert eqsolve("regret", "p.npz").code == 0
    np.save(folder / "u.npy", np.ones((2, 260, 260)))
    changed = eqsolve("regret", "p.npz")
    assert (changed.code, "hash" in changed.err) == (3, True)
    (folder / "u.npy").unlink()
    missing = eqsolve("regret", "p.npz")
    assert missing.code == 3
    assert "u.npy" in missing.err
    assert "--game" in missing.err


def test_a_spec_too_large_to_travel_is_asked_for(eqsolve: Cli, folder: Path) -> None:
    (folder / "large.yaml").write_text("# " + "x" * 1_100_000 + "\n{kind: matrix, zero_sum: [[1, -1], [-1, 2]]}\n")
    eqsolve("solve", "large.yaml", "-o", "p.npz")
    done = eqsolve("regret", "p.npz")
    assert done.code == 3
    assert "--game" in done.err
    assert eqsolve("regret", "p.npz", "--game", "large.yaml").code == 0


def test_the_json_of_solve_and_of_regret_is_a_profile_again(eqsolve: Cli, folder: Path) -> None:
    solved = eqsolve("solve", "couple.yaml", "-a", "inpg", "--max-iter", 9, "--format", "json", "--profile").out
    (folder / "solved.json").write_text(solved)
    again = eqsolve("regret", "solved.json", "--game", "couple.yaml", "--format", "json", "--profile")
    assert json.loads(again.out)["profile"] == json.loads(solved)["profile"]
    for key in ("status", "algorithm", "seed", "iterations", "answer", "nash_gap", "regrets", "notes"):
        assert json.loads(again.out)[key] == json.loads(solved)[key]
    (folder / "judged.json").write_text(again.out)
    third = eqsolve("regret", "judged.json", "--game", "couple.yaml", "--format", "json", "--profile")
    assert json.loads(third.out)["profile"] == json.loads(solved)["profile"]
    assert eqsolve("regret", "solved.json", "--game", "chicken.yaml").code == 3
    unnamed = eqsolve("regret", "solved.json")
    assert (unnamed.code, "--game" in unnamed.err, "The couple" in unnamed.err) == (2, True, True)


def test_of_several_profiles_each_is_judged_and_the_worst_decides(eqsolve: Cli, folder: Path) -> None:
    (folder / "ne.txt").write_text("NE,1,0,1,0\nNE,1,0,0,1\nNE,3/5,2/5,2/5,3/5\n")
    arguments = ["regret", "ne.txt", "--game", "couple.yaml", "--exact"]
    done = eqsolve(*arguments, "--format", "json", "--profile", "--fail-above", "0.5")
    judged = json.loads(done.out)
    Draft202012Validator(result_schema()).validate(judged)
    assert (done.code, judged["nash_gap"], judged["regrets"]) == (1, 2, [2, 2])
    assert [one["name"] for one in judged["profiles"]] == ["line 1", "line 2", "line 3"]
    assert [one["exact"]["regrets"] for one in judged["profiles"]] == [["0", "0"], ["2", "2"], ["0", "0"]]
    assert judged["profiles"][2]["exact"]["profile"] == {
        "Row": {"Opera": "3/5", "Football": "2/5"},
        "Column": {"Opera": "2/5", "Football": "3/5"},
    }
    assert judged["profiles"][2]["exact"]["of"] == "given"
    assert judged["exact"]["regrets"] == ["2", "2"]
    assert "the figures are those of line 2, which has the largest Nash gap of 3 profiles" in judged["notes"]
    text = eqsolve(*arguments).out
    assert "line 3  proved in fractions" in text
    (folder / "uneven.txt").write_text("NE,1,0,1,0\nNE,1/3,2/3,1/3,2/3\n")
    lines = eqsolve("regret", "uneven.txt", "--game", "couple.yaml").out.splitlines()
    assert len({row.index("line") for row in lines if row.startswith("profile ") and "line" in row}) == 1
    assert "line 2  not exact in fractions" in text


def test_rounded_decimals_are_judged_with_normalise_only(eqsolve: Cli, folder: Path) -> None:
    (folder / "p.json").write_text('{"Row": {"Opera": 0.66, "Football": 0.33}, "Column": {"Opera": 1}}')
    refused = eqsolve("regret", "p.json", "--game", "couple.yaml")
    assert (refused.code, "--normalise" in refused.err) == (3, True)
    done = eqsolve("regret", "p.json", "--game", "couple.yaml", "--normalise", "--format", "json")
    assert (done.code, json.loads(done.out)["regrets"][1]) == (0, 0)
    assert "divided by their sums, the farthest from 1 being 0.99" in json.loads(done.out)["notes"][0]


@pytest.mark.parametrize("game", ["couple.yaml", "kuhn.yaml", "crowd.yaml"])
def test_best_replies_are_written_with_what_they_get_against_the_profile(eqsolve: Cli, folder: Path, game: str) -> None:
    assert eqsolve("solve", game, "--max-iter", 1, "-o", "p.npz", "-q").code == 0
    judged = json.loads(eqsolve("regret", "p.npz", "--best-response", "r.npz", "--format", "json").out)
    with np.load(folder / "r.npz") as file:
        meta = json.loads(str(file["meta"]))
        replies = [file[f"policy_{i}"] for i in range(len(judged["values"]))]
    assert meta["replies"] == {"to": "p.npz", "values": judged["best_response_values"]}
    assert all(set(reply.reshape(-1).tolist()) <= {0, 1} for reply in replies)
    together = json.loads(eqsolve("regret", "r.npz", "--format", "json").out)
    assert together["nash_gap"] == meta["nash_gap"]
    again = eqsolve("regret", "p.npz", "--best-response", "r.npz")
    assert (again.code, "exists already" in again.err) == (2, True)
    assert eqsolve("regret", "p.npz", "--best-response", "r.npz", "--force").code == 0


def test_replies_are_to_one_profile_of_policies(eqsolve: Cli, folder: Path) -> None:
    (folder / "ne.txt").write_text("NE,1,0,1,0\nNE,1,0,0,1\n")
    several = eqsolve("regret", "ne.txt", "--game", "couple.yaml", "--best-response", "r.npz")
    assert (several.code, "holds 2 profiles" in several.err) == (2, True)
    (folder / "j.json").write_text('{"joint": {"actions": [[0, 0], [1, 1]], "probabilities": [0.5, 0.5]}}')
    joint = eqsolve("regret", "j.json", "--game", "couple.yaml", "--best-response", "r.npz")
    assert (joint.code, "joint distribution" in joint.err, (folder / "r.npz").exists()) == (2, True, False)


def test_a_gap_of_a_player_with_small_payoffs_is_shown_beside_large_ones(eqsolve: Cli, folder: Path) -> None:
    (folder / "g.yaml").write_text("{kind: matrix, row: [[1.0e+17, 0], [0, 1]], column: [[1, 0], [1, 0]]}")
    (folder / "p.json").write_text('{"policies": [[1, 0], [0, 1]]}')
    shown = [line.split()[:2] for line in eqsolve("regret", "p.json", "--game", "g.yaml").out.splitlines()]
    assert ["nash_gap", "1"] in shown
