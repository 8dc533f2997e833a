"""`eqsolve solve`: what its options do, and what it leaves."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.runs import Cli, document
from eqsolve.store import read_policy


def test_the_json_says_what_was_found_and_how_far_it_is_from_an_equilibrium(eqsolve: Cli) -> None:
    found = document(eqsolve("solve", "pennies.yaml", "--format", "json", "--profile"))
    assert found["algorithm"]["requested"] == "auto"
    assert found["nash_gap"] <= found["tolerance"]
    assert found["values"] == pytest.approx([0.2, -0.2])
    assert list(found["profile"]["Odd"].values()) == pytest.approx([0.4, 0.6])
    assert found["nash_gap"] == max(found["regrets"])
    assert found["run"]["argv"] == ["solve", "pennies.yaml", "--format", "json", "--profile"]


def test_states_stand_between_players_and_actions_in_the_profile_of_a_markov_game(eqsolve: Cli) -> None:
    found = document(eqsolve("solve", "crowd.yaml", "-a", "inpg", "--max-iter", 3, "--format", "json", "--profile"))
    assert list(found["profile"]) == ["P1", "P2", "P3"]
    assert {len(actions) for states in found["profile"].values() for actions in states.values()} == {2}


def test_without_provenance_two_runs_print_and_write_the_same_bytes(eqsolve: Cli, folder: Path) -> None:
    outputs = []
    for name in ("a", "b"):
        (folder / name).mkdir()
        files = ["-o", f"{name}/policy.npz", "--trace", f"{name}/trace.jsonl"]
        run = eqsolve(
            "solve", "crowd.yaml", "-a", "inpg", "--max-iter", 50, "--no-provenance", "--format", "json", *files
        )
        assert "run" not in document(run)
        outputs.append((run.out, *((folder / name / file).read_bytes() for file in ("policy.npz", "trace.jsonl"))))
    assert outputs[0] == outputs[1]


def test_text_and_json_say_the_same(eqsolve: Cli) -> None:
    arguments = ["solve", "couple.yaml", "-a", "regret-matching+", "--no-provenance", "--seed", 4, "--max-iter", 30]
    found = document(eqsolve(*arguments, "--format", "json"))
    text = eqsolve(*arguments, "-v").out
    assert f"{'nash_gap':<14}{found['nash_gap']:.6g}" in text
    for name in ("nash_conv", "max_regret", "welfare"):
        assert f"{name:<19}{found[name]:.6g}" in text


def test_with_exact_values_and_regrets_are_fractions_too(eqsolve: Cli) -> None:
    arguments = ["solve", "kuhn.yaml", "-a", "sequence-lp", "--exact"]
    exact = document(eqsolve(*arguments, "--format", "json"))["exact"]
    assert exact == {"of": "solution", "values": ["-1/18", "1/18"], "regrets": ["0", "0"]}
    profile = document(eqsolve(*arguments, "--format", "json", "--profile"))["exact"]["profile"]
    assert list(profile) == ["P1", "P2"]
    assert profile["P2"]["K bet"] == {"fold": "0", "call": "1"}
    assert profile["P2"]["J check"] == {"check": "2/3", "bet": "1/3"}
    lines = eqsolve(*arguments).out.splitlines()
    assert "exact_value P1     -1/18" in lines
    assert "exact_regret P2    0" in lines
    assert "exact" not in document(eqsolve(*arguments[:-1], "--format", "json"))


def test_without_flint_one_line_says_how_to_get_it(eqsolve: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flint", None)
    done = eqsolve("solve", "kuhn.yaml", "-a", "sequence-lp", "--exact", "-q")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: rational solutions need python-flint: pip install 'eqsolve[exact]'\n"


def test_hyperparameters_reach_the_solver(eqsolve: Cli) -> None:
    found = document(
        eqsolve(
            "solve",
            "couple.yaml",
            "-a",
            "mwu",
            "-p",
            "step=1/4",
            "-p",
            "init=uniform",
            "--max-iter",
            2,
            "--format",
            "json",
        )
    )
    assert found["algorithm"] == {
        "name": "inpg",
        "parameters": {
            "step": 0.25,
            "eta": None,
            "decay": 0.0,
            "init": "uniform",
            "estimator": "exact",
            "episode": None,
            "samples": None,
        },
        "requested": "mwu",
        "reason": None,
    }


def test_the_specs_own_defaults_hold_where_the_command_says_nothing(eqsolve: Cli, folder: Path) -> None:
    spec = (folder / "couple.yaml").read_text() + "solver: {algo: inpg, parameters: {init: uniform, step: 0.5}}\n"
    (folder / "own.yaml").write_text(spec)
    quick = ["--max-iter", 1, "--format", "json"]
    assert document(eqsolve("solve", "own.yaml", *quick))["algorithm"]["parameters"]["step"] == 0.5
    changed = document(eqsolve("solve", "own.yaml", "-p", "step=2", *quick))["algorithm"]["parameters"]
    assert (changed["step"], changed["init"]) == (2.0, "uniform")
    other = document(eqsolve("solve", "own.yaml", "-a", "pure", *quick))["algorithm"]
    assert (other["name"], set(other["parameters"])) == ("pure", {"limit"})


def test_a_specs_parameters_without_an_algorithm_are_refused(eqsolve: Cli, folder: Path) -> None:
    (folder / "own.yaml").write_text((folder / "couple.yaml").read_text() + "solver: {parameters: {step: 0.5}}\n")
    done = eqsolve("solve", "own.yaml")
    assert done.code == 3
    assert "solver.algo" in done.err


def test_a_run_of_many_measured_points_traces_each_as_a_line(eqsolve: Cli, folder: Path) -> None:
    eqsolve("solve", "crowd.yaml", "-a", "inpg", "--max-iter", 4, "--trace", "t.jsonl", "--trace-profiles")
    records = [json.loads(line) for line in (folder / "t.jsonl").read_text().splitlines()]
    assert [record["iteration"] for record in records] == [0, 1, 2, 3, 4]
    keys = (
        "iteration answer polished nash_gap nash_conv max_regret regrets values welfare potential cce_gap ce_gap"
        " profile joint run"
    )
    assert " ".join(records[0]) == keys
    assert list(records[0]["run"]) == ["work_seconds", "check_seconds", "load_seconds"]


def test_measuring_points_can_be_spaced_evenly(eqsolve: Cli, folder: Path) -> None:
    eqsolve("solve", "crowd.yaml", "-a", "inpg", "--max-iter", 9, "--trace", "t.jsonl", "--measure-every", 4)
    records = [json.loads(line)["iteration"] for line in (folder / "t.jsonl").read_text().splitlines()]
    assert records == [0, 4, 8, 9]


def test_the_policy_file_holds_the_answer_and_the_game(eqsolve: Cli, folder: Path) -> None:
    eqsolve("solve", "pennies.yaml", "-o", "policy.npz")
    policy = read_policy(folder / "policy.npz")
    assert policy.meta is not None
    assert policy.meta.spec.text == (folder / "pennies.yaml").read_text()
    assert policy.meta.answer.name == "maximin"
    assert policy.meta.run is not None
    np.testing.assert_allclose(policy.policies[1], [0.4, 0.6])


def test_a_game_too_large_for_the_policy_file_is_named_when_that_is_written(eqsolve: Cli, folder: Path) -> None:
    np.save(folder / "big.npy", np.zeros((2, 300, 300)))
    (folder / "big.yaml").write_text("{kind: matrix, payoffs: big.npy}")
    done = eqsolve("solve", "big.yaml", "-a", "inpg", "--max-iter", 1, "-o", "p.npz")
    assert "p.npz: without big.npy, too large (1.4 MB, at most 1 are embedded)" in done.err
    (folder / "long.yaml").write_text("{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}\n" + "#" * 1_000_000)
    done = eqsolve("solve", "long.yaml", "-o", "q.npz")
    assert "q.npz: without the game, which is too large (1.0 MB, at most 1 are embedded)" in done.err
    assert eqsolve("regret", "q.npz").code == 3
    assert eqsolve("regret", "q.npz", "--game", "long.yaml").code == 0


def test_quiet_silences_stderr_and_verbose_tells_details_then_each_measured_point(eqsolve: Cli) -> None:
    run = ["solve", "couple.yaml", "-a", "inpg", "--max-iter", 3, "--no-provenance"]
    usual, quiet, verbose, points = eqsolve(*run), eqsolve(*run, "-q"), eqsolve(*run, "-v"), eqsolve(*run, "-vv")
    assert usual.out == quiet.out
    assert quiet.err == ""
    assert verbose.out.startswith(usual.out + "\nhash ")
    assert points.out == verbose.out
    assert [line.split()[1] for line in points.err.splitlines()] == ["0", "1", "2", "3"]


def test_a_name_with_escapes_cannot_move_the_cursor(eqsolve: Cli, folder: Path) -> None:
    (folder / "evil.yaml").write_text('{kind: matrix, name: "a\\e[2J\\nhash x", zero_sum: [[1]]}')
    out = eqsolve("solve", "evil.yaml").out
    assert "\x1b" not in out
    assert "\nhash x" not in out


def test_a_game_can_come_from_standard_input(process: Cli, folder: Path) -> None:
    with (folder / "pennies.yaml").open() as spec:
        assert process("solve", "-", stdin=spec).code == 0


@pytest.mark.slow
def test_kernels_are_compiled_and_loaded_on_the_clock_of_loading(process: Callable[..., Any], folder: Path) -> None:
    """With an empty cache folder: compiling takes seconds, the steps of a 20×20 game next to nothing."""
    payoffs = [[(7 * i * i + 3 * j + i * j) % 11 for j in range(20)] for i in range(20)]
    (folder / "larger.yaml").write_text(json.dumps({"kind": "matrix", "zero_sum": payoffs}))
    env = os.environ | {"EQSOLVE_CACHE_DIR": str(folder / "cache")}
    run = ["solve", "larger.yaml", "-a", "zero-sum-simplex", "--time-limit", "0.5", "--format", "json", "-q"]
    for _ in ("compiled", "loaded"):
        done = process(*run, env=env)
        document = json.loads(done.out)
        seconds = document["run"]
        assert (done.code, document["status"]) == (0, "converged")
        assert seconds["work_seconds"] < 0.25 * seconds["load_seconds"]
        assert seconds["reading_seconds"] > 0


def test_a_log_gets_what_is_said_on_stderr_with_times_run_after_run(eqsolve: Cli, folder: Path) -> None:
    run = ["solve", "couple.yaml", "-a", "inpg", "--max-iter", 2, "-vv", "--log", "run.log"]
    said = [line for _ in range(2) for line in eqsolve(*run).err.splitlines()]
    failed = eqsolve("solve", "nowhere.yaml", "--log", "run.log").err.splitlines()
    times, lines = zip(*(line.split("  ", 1) for line in (folder / "run.log").read_text().splitlines()), strict=True)
    assert list(lines) == said + failed
    assert all(datetime.fromisoformat(time).tzinfo is not None for time in times)
    assert eqsolve("solve", "couple.yaml", "--log", "no/such.log").code == 74


@pytest.mark.parametrize("other", ["-o", "--trace", "--checkpoint", "--start", "GAME"])
def test_a_log_that_is_another_file_of_the_run_is_refused_before_it_is_written_to(
    eqsolve: Cli, folder: Path, other: str
) -> None:
    (folder / "same").write_text("{kind: matrix, zero_sum: [[1]]}")
    game, options = ("./same", []) if other == "GAME" else ("pennies.yaml", [other, "same"])
    done = eqsolve("solve", game, *options, "--log", "same", "--force")
    assert (done.code, "--log same: is the same file as" in done.err) == (2, True)
    assert (folder / "same").read_text() == "{kind: matrix, zero_sum: [[1]]}"


def test_the_polish_can_be_switched_off_whatever_auto_chooses(eqsolve: Cli, folder: Path) -> None:
    pennies = (
        "solve",
        "@matrix/three-player-matching-pennies",
        "-p",
        "polish=false",
        "--max-iter",
        3,
        "--format",
        "json",
    )
    chosen = document(eqsolve(*pennies))["algorithm"]
    assert (chosen["name"], chosen["requested"], chosen["parameters"]) == ("n-player", "auto", {"polish": False})
    refused = eqsolve("solve", "@matrix/matching-pennies", "-p", "polish=false")
    assert (refused.code, refused.out) == (2, "")
    assert "unknown parameter 'polish' of zero-sum-lp" in refused.err
