"""`solve --start`: a run begins at a profile that is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.runs import Cli, document
from eqsolve.store import read_policy


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
