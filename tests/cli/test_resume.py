"""`solve --checkpoint --resume`: a run goes on where another one stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.runs import Cli


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
