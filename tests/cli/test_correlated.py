"""Correlated equilibria on the command line: solved, written, judged again, and never taken for profiles."""

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

#: Both pure equilibria of the game, half of the time each.
FAIR = '{"joint": {"actions": [[0, 0], [1, 1]], "probabilities": [0.5, 0.5]}}'


def document(done: Any) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(result_schema()).validate(parsed)
    return parsed


@pytest.mark.parametrize("algo", ["ce", "cce"])
def test_the_answer_is_a_joint_distribution_beside_its_own_gap(eqsolve: Cli, algo: str) -> None:
    done = eqsolve("solve", "couple.yaml", "-a", algo, "-p", "objective=max-min", "--no-provenance")
    assert (done.code, "Nash" in done.out, "nash" in done.out) == (0, False, False)
    for line in (
        "joint         0.5           Row: Opera, Column: Opera",
        "joint         0.5           Row: Football, Column: Football",
        f"value         Row           2.5           {algo}_regret {0 if algo == 'ce' else -1}",
        "welfare       5             sum of the players' values",
        f"status        converged     {algo}_gap within the tolerance, 3e-06 (iteration 1)",
    ):
        assert line in done.out.splitlines()


def test_a_file_of_it_is_judged_again_by_both_gaps(eqsolve: Cli, folder: Path) -> None:
    solved = document(
        eqsolve("solve", "couple.yaml", "-a", "cce", "-o", "j.npz", "--trace", "t.jsonl", "--format", "json", "-q")
    )
    assert solved["concept"] == "cce"
    with np.load(folder / "j.npz") as file:
        assert sorted(file.files) == ["joint_actions", "joint_probabilities", "meta"]
        assert (file["joint_actions"].dtype, file["joint_probabilities"].dtype) == (np.int32, np.float64)
        meta = json.loads(str(file["meta"]))
    assert (meta["concept"], meta["nash_gap"], meta["regrets"]) == ("cce", None, [])
    judged = document(eqsolve("regret", "j.npz", "--format", "json", "--fail-above", "1e-9"))
    same = ("concept", "ce_gap", "cce_gap", "joint", "values", "welfare", "nash_gap", "regrets")
    assert {name: judged[name] for name in same} == {name: solved[name] for name in same}
    [record] = [json.loads(line) for line in (folder / "t.jsonl").read_text().splitlines()]
    assert [record[name] for name in ("nash_gap", "ce_gap", "cce_gap")] == [None, solved["ce_gap"], solved["cce_gap"]]


def test_a_joint_distribution_of_another_tool_is_judged_by_the_ce_gap(eqsolve: Cli, folder: Path) -> None:
    (folder / "fair.json").write_text(FAIR)
    fair = document(eqsolve("regret", "fair.json", "--game", "couple.yaml", "--format", "json"))
    assert (fair["concept"], fair["ce_gap"], fair["cce_gap"], fair["values"]) == ("ce", 0.0, -1.0, [2.5, 2.5])
    (folder / "bad.json").write_text(FAIR.replace("[1, 1]", "[0, 1]"))
    done = eqsolve("regret", "bad.json", "--game", "couple.yaml", "--fail-above", 0.5)
    assert (done.code, done.err) == (1, "the CE gap 1 is above 0.5\n")
    assert "joint_file    bad.json" in done.out.splitlines()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FAIR.replace("0.5]", "0.4]"), "j.json: joint distribution: probabilities sum to 0.9, not 1"),
        (FAIR.replace("[1, 1]", "[1, 2]"), "pure profile 1: Column has no action 2"),
        (FAIR.replace("[1, 1]", "[1]"), "nested lists of whole numbers as actions"),
        ('{"joint": {"actions": [[0, 0]]}}', 'expected {"actions": [[one per player]], "probabilities": []}'),
    ],
)
def test_what_is_no_joint_distribution_is_refused(eqsolve: Cli, folder: Path, text: str, words: str) -> None:
    (folder / "j.json").write_text(text)
    done = eqsolve("regret", "j.json", "--game", "couple.yaml")
    assert (done.code, words in done.err) == (3, True), done.err


def test_a_file_that_was_tampered_with_is_refused_or_found_out(eqsolve: Cli, folder: Path) -> None:
    eqsolve("solve", "couple.yaml", "-a", "ce", "-o", "j.npz", "-q")
    with np.load(folder / "j.npz") as file:
        arrays = dict(file)
    np.savez(folder / "floats.npz", **arrays | {"joint_actions": arrays["joint_actions"].astype(float)})
    done = eqsolve("regret", "floats.npz")
    assert (done.code, "no int32 array `joint_actions`" in done.err) == (3, True)
    meta = json.loads(str(arrays["meta"])) | {"ce_gap": -0.5}
    np.savez(folder / "claims.npz", **arrays | {"meta": np.array(json.dumps(meta))})
    noted = "the file records a CE gap of -0.5; the joint distribution in it has 0"
    assert noted in eqsolve("regret", "claims.npz").out


def test_it_starts_no_run(eqsolve: Cli) -> None:
    eqsolve("solve", "couple.yaml", "-a", "ce", "-o", "j.npz", "-q")
    start = eqsolve("solve", "couple.yaml", "-a", "inpg", "--start", "j.npz")
    assert (start.code, "holds a joint distribution, where a profile of policies is wanted" in start.err) == (3, True)


def test_it_is_certified_in_fractions(eqsolve: Cli, folder: Path) -> None:
    command = ("solve", "couple.yaml", "-a", "ce", "-p", "objective=max-min", "--exact", "--format", "json")
    solved = document(eqsolve(*command))["exact"]
    assert (solved["of"], solved["values"], solved["ce_regrets"]) == ("solution", ["5/2", "5/2"], ["0", "0"])
    assert [one["probability"] for one in solved["support"]] == ["1/2", "1/2"]
    lines = eqsolve(*command[:-2]).out.splitlines()
    source = "the method's solution in fractions, of which the answer is the rounding"
    assert f"exact         proved        an exact correlated equilibrium: {source}" in lines
    assert "exact_joint        1/2           Row: Opera, Column: Opera" in lines
    (folder / "j.json").write_text(FAIR.replace("0.5, 0.5", '"1/3", "2/3"'))
    judged = document(eqsolve("regret", "j.json", "--game", "couple.yaml", "--exact", "--format", "json"))["exact"]
    assert (judged["of"], judged["values"], judged["ce_regrets"]) == ("given", ["7/3", "8/3"], ["0", "0"])
    (folder / "j.json").write_text(FAIR.replace("[1, 1]", "[0, 1]"))
    wrong = eqsolve("regret", "j.json", "--game", "couple.yaml", "--exact")
    source = "the answer itself, its float64 numbers taken as fractions"
    assert f"exact         not exact     some ce_regret is above 0, in fractions: {source}" in wrong.out


def test_it_is_one_of_normal_forms(eqsolve: Cli, folder: Path) -> None:
    assert eqsolve("solve", "crowd.yaml", "-a", "ce").code == 2
    (folder / "j.json").write_text(FAIR)
    done = eqsolve("regret", "j.json", "--game", "crowd.yaml")
    assert (done.code, "this is a Markov game" in done.err) == (3, True)


def test_a_run_is_continued_from_its_checkpoint(eqsolve: Cli, folder: Path) -> None:
    run = ("solve", "couple.yaml", "-a", "ce", "--checkpoint", "c.npz", "--format", "json", "--no-provenance")
    first = eqsolve(*run)
    again = eqsolve(*run, "--resume", "-o", "j.npz")
    assert (again.code, again.out) == (0, first.out)
    assert eqsolve(*run, "--resume", "-o", "j.npz").code == 0  # the file is the same run's


def test_fractions_of_a_matrix_are_printed(eqsolve: Cli) -> None:
    out = eqsolve("solve", "pennies.yaml", "--exact").out.splitlines()
    proved = "exact         proved        an exact equilibrium: fractions on the answer's support, close to the answer"
    assert proved in out
    assert "exact_value Even   1/5" in out
    assert "exact_policy Odd   a1=2/5 a2=3/5" in out
