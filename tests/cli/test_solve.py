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
from jsonschema import Draft202012Validator

from eqsolve.report import result_schema
from eqsolve.store import read_policy

Cli = Callable[..., Any]


def document(run: Any) -> dict[str, Any]:
    assert run.code in (0, 4), run.err
    parsed = json.loads(run.out)
    Draft202012Validator(result_schema()).validate(parsed)
    return dict(parsed)


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


def test_all_equilibria_that_a_method_finds_are_listed_each_with_its_gap(eqsolve: Cli) -> None:
    found = document(eqsolve("solve", "couple.yaml", "-a", "pure", "--format", "json"))
    assert [one["nash_gap"] for one in found["equilibria"]] == [0, 0]
    assert found["equilibria"][1]["profile"]["Row"] == {"Opera": 0, "Football": 1}
    text = eqsolve("solve", "couple.yaml", "-a", "pure").out
    assert "equilibrium 2   nash_gap 0    Row: Football, Column: Football  (values 2, 3)" in text


def test_a_run_begins_at_the_profile_of_another(eqsolve: Cli, folder: Path) -> None:
    assert (
        eqsolve("solve", "couple.yaml", "-a", "inpg", "--max-iter", 7, "-o", "seven.npz", "--answer", "last").code == 0
    )
    begun = document(
        eqsolve(
            "solve",
            "couple.yaml",
            "-a",
            "inpg",
            "--start",
            "seven.npz",
            "--max-iter",
            0,
            "--format",
            "json",
            "--profile",
        )
    )
    seven = read_policy(folder / "seven.npz").policies
    assert list(begun["profile"]["Row"].values()) == pytest.approx(seven[0])


def test_a_start_of_another_game_is_refused_naming_both(eqsolve: Cli) -> None:
    eqsolve("solve", "chicken.yaml", "-a", "inpg", "--max-iter", 1, "-o", "chicken.npz")
    done = eqsolve("solve", "couple.yaml", "-a", "inpg", "--start", "chicken.npz")
    assert done.code == 3
    assert "is a policy of chicken" in done.err
    assert "not of The couple" in done.err


def test_a_start_comes_in_any_form_of_profile_and_what_was_filled_in_or_left_out_is_noted(
    eqsolve: Cli, folder: Path
) -> None:
    (folder / "labels.json").write_text('{"Row": {"Opera": "1/4", "Football": "3/4"}}')
    (folder / "rounded.json").write_text('{"policies": [[0.25, 0.74], [1, 0]]}')
    (folder / "ne.txt").write_text("NE,1/4,3/4,1,0\nNE,1,0,1,0\n")
    start = ["solve", "couple.yaml", "-a", "inpg", "--max-iter", 0, "--profile", "--format", "json", "--start"]
    labelled = json.loads(eqsolve(*start, "labels.json").out)
    assert labelled["profile"]["Row"] == pytest.approx({"Opera": 0.25, "Football": 0.75})
    assert "policy of Column: not given, uniform" in labelled["notes"]
    lines = json.loads(eqsolve(*start, "ne.txt").out)
    assert lines["profile"]["Column"] == {"Opera": 1, "Football": 0}
    assert "ne.txt has 2 profiles: the run starts from line 1" in lines["notes"]
    assert eqsolve(*start, "rounded.json").code == 3
    rounded = json.loads(eqsolve(*start, "rounded.json", "--normalise").out)
    assert rounded["profile"]["Row"]["Opera"] == pytest.approx(0.25 / 0.99)
    (folder / "again.json").write_text(json.dumps(rounded))
    assert json.loads(eqsolve(*start, "again.json").out)["profile"]["Row"] == pytest.approx(rounded["profile"]["Row"])


def test_what_renormalising_a_start_did_is_noted(eqsolve: Cli, folder: Path) -> None:
    (folder / "start.json").write_text('{"policies": [[0.5, 0.5000001], [1, 0]]}')
    run = eqsolve("solve", "couple.yaml", "-a", "inpg", "--start", "start.json", "--max-iter", 1)
    assert "note          policy of Row: 1 row(s)" in run.out


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


def test_a_run_cut_in_two_leaves_what_an_undisturbed_one_leaves(eqsolve: Cli, folder: Path) -> None:
    run = ["solve", "cycle.yaml", "-a", "inpg", "--no-provenance", "-q"]
    whole = eqsolve(*run, "--max-iter", 100, "-o", "whole.npz", "--trace", "whole.jsonl")
    kept = ["--checkpoint", "run.ckpt", "--resume", "-o", "parts.npz", "--trace", "parts.jsonl"]
    assert eqsolve(*run, "--max-iter", 60, *kept).code == 0
    resumed = eqsolve(*run, "--max-iter", 100, *kept)  # replaces its own policy file without --force
    assert resumed.out == whole.out
    for kind in ("npz", "jsonl"):
        assert (folder / f"parts.{kind}").read_bytes() == (folder / f"whole.{kind}").read_bytes()


def test_resuming_says_from_where(eqsolve: Cli) -> None:
    run = ["solve", "cycle.yaml", "-a", "inpg", "--checkpoint", "run.ckpt", "--resume", "--no-progress"]
    assert "run.ckpt: not there: the run starts afresh" in eqsolve(*run, "--max-iter", 6).err.splitlines()
    assert "run.ckpt: the run continues from iteration 6" in eqsolve(*run, "--max-iter", 9).err.splitlines()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--seed", "1"], "seed"),
        (["-p", "step=0.25"], "parameter step"),
        (["-a", "regret-matching+"], "algorithm"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_naming_the_difference(
    eqsolve: Cli, change: list[str], words: str
) -> None:
    eqsolve("solve", "cycle.yaml", "-a", "inpg", "--max-iter", 6, "--checkpoint", "run.ckpt")
    done = eqsolve(
        "solve", "cycle.yaml", "-a", "inpg", "--max-iter", 9, "--checkpoint", "run.ckpt", "--resume", *change
    )
    assert done.code == 3
    assert f"its {words} is" in done.err


def test_resuming_does_not_overwrite_the_policy_of_another_run(eqsolve: Cli) -> None:
    eqsolve("solve", "cycle.yaml", "-a", "inpg", "--max-iter", 6, "-o", "p.npz", "--seed", 3)
    done = eqsolve(
        "solve", "cycle.yaml", "-a", "inpg", "--max-iter", 6, "-o", "p.npz", "--checkpoint", "run.ckpt", "--resume"
    )
    assert done.code == 2
    assert "p.npz" in done.err


def test_resuming_never_cuts_a_file_that_is_no_trace(eqsolve: Cli, folder: Path) -> None:
    before = (folder / "couple.yaml").read_bytes()
    run = ["solve", "cycle.yaml", "-a", "inpg", "--max-iter", 6, "--checkpoint", "run.ckpt", "--resume"]
    assert eqsolve(*run, "--trace", "couple.yaml").code == 3
    assert (folder / "couple.yaml").read_bytes() == before


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


def test_all_lists_every_equilibrium_by_the_method_that_fits(eqsolve: Cli, folder: Path) -> None:
    found = document(eqsolve("solve", "couple.yaml", "--all", "--format", "json"))
    assert found["algorithm"]["name"] == "vertex-enumeration"
    assert len(found["equilibria"]) == 3
    three = document(eqsolve("solve", "@matrix/three-player-matching-pennies", "--all", "--format", "json"))
    assert three["algorithm"]["name"] == "support-enumeration"
    assert (
        "hint          --all         lists all equilibria; this is one, there may be others"
        in eqsolve("solve", "couple.yaml").out
    )
    assert "--all" not in eqsolve("solve", "couple.yaml", "--all").out
    assert "--all" not in eqsolve("solve", "kuhn.yaml").out, "there is no such method for it"


@pytest.mark.parametrize(
    ("game", "said", "hint"),
    [
        ("kuhn.yaml", "no method here lists all equilibria of a sequence game", "--algo auto finds one"),
        ("crowd.yaml", "no method here lists all equilibria of a markov game", "--algo auto finds one"),
        ("large.yaml", "support-enumeration:", "--algo pure"),
    ],
)
def test_where_no_method_lists_all_the_command_says_what_there_is(
    eqsolve: Cli, folder: Path, game: str, said: str, hint: str
) -> None:
    if game == "large.yaml":
        (folder / "large.yaml").write_text("{kind: random-matrix, players: 3, actions: 20, seed: 1}")
    done = eqsolve("solve", game, "--all")
    assert done.code == 2
    assert said in done.err
    assert hint in done.err


def test_all_and_an_algorithm_exclude_each_other(eqsolve: Cli) -> None:
    done = eqsolve("solve", "couple.yaml", "--all", "-a", "inpg")
    assert (done.code, "--all chooses the algorithm" in done.err) == (2, True)


def test_a_name_with_escapes_cannot_move_the_cursor(eqsolve: Cli, folder: Path) -> None:
    (folder / "evil.yaml").write_text('{kind: matrix, name: "a\\e[2J\\nhash x", zero_sum: [[1]]}')
    out = eqsolve("solve", "evil.yaml").out
    assert "\x1b" not in out
    assert "\nhash x" not in out


def test_a_game_can_come_from_standard_input(process: Cli, folder: Path) -> None:
    with (folder / "pennies.yaml").open() as spec:
        assert process("solve", "-", stdin=spec).code == 0


def test_every_listed_equilibrium_is_certified_in_fractions(eqsolve: Cli) -> None:
    command = ("solve", "couple.yaml", "-a", "vertex-enumeration", "--exact")
    solved = json.loads(eqsolve(*command, "--format", "json").out)
    Draft202012Validator(result_schema()).validate(solved)
    assert [one["exact"]["regrets"] for one in solved["equilibria"]] == [["0", "0"]] * 3
    assert {"Opera": "3/5", "Football": "2/5"} in [one["exact"]["profile"]["Row"] for one in solved["equilibria"]]
    assert "proved        Row: Opera=3/5 Football=2/5, Column: Opera=2/5" in eqsolve(*command).out


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


def test_every_listed_equilibrium_is_saved_and_judged_again(eqsolve: Cli, folder: Path) -> None:
    command = ("solve", "couple.yaml", "--save-all", "all", "--format", "json")
    solved = document(eqsolve(*command))
    assert solved["algorithm"]["name"] == "vertex-enumeration"
    judged = json.loads(eqsolve("regret", "all", "--format", "json", "--profile").out)
    assert [one["profile"] for one in judged["profiles"]] == [one["profile"] for one in solved["equilibria"]]
    assert judged["nash_gap"] < 1e-12
    again = eqsolve(*command)
    assert (again.code, "all: exists already" in again.err) == (2, True)
    assert eqsolve(*command, "--force").code == 0
    one = eqsolve("solve", "couple.yaml", "-a", "inpg", "--save-all", "other")
    assert (one.code, "inpg looks for one equilibrium" in one.err, "vertex-enumeration" in one.err) == (2, True, True)
    assert not (folder / "other").exists()


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
