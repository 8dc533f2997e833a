"""Every row of the table of exit codes, as a shell sees it: code, one line, no traceback."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Cli = Callable[..., Any]


def refused(run: Any, code: int, *words: str) -> None:
    assert run.code == code, run.err
    assert "Traceback" not in run.err
    assert all(word in run.err for word in words), run.err


def test_zero_when_the_tolerance_is_met(process: Cli) -> None:
    done = process("solve", "pennies.yaml")
    assert done.code == 0
    assert "nash_gap" in done.out
    assert done.err == ""


def test_zero_when_no_tolerance_was_asked_for(eqsolve: Cli) -> None:
    done = eqsolve("solve", "cycle.yaml", "-a", "inpg", "--max-iter", 5)
    assert done.code == 0
    assert "stopped       by the iteration limit, at iteration 5; no tolerance was asked for" in done.out


def test_zero_when_an_enumeration_ends_without_finding_any(eqsolve: Cli) -> None:
    done = eqsolve("solve", "cycle.yaml", "-a", "pure")
    assert done.code == 0
    searched = "none with a measured gap within the tolerance; searched for every pure equilibrium"
    assert f"equilibria      0             {searched}" in done.out


def test_four_when_there_is_no_answer_for_the_file_that_was_asked_for(eqsolve: Cli, folder: Path) -> None:
    done = eqsolve("solve", "cycle.yaml", "-a", "pure", "-o", "p.npz")
    assert done.code == 4
    assert "p.npz: not written: there is no answer" in done.err
    assert not (folder / "p.npz").exists()


def test_one_when_the_nash_gap_is_above_the_bound(eqsolve: Cli, folder: Path) -> None:
    (folder / "pure.json").write_text('{"policies": [[1, 0], [1, 0]]}')
    done = eqsolve("regret", "pure.json", "--game", "pennies.yaml", "--fail-above", "0.5")
    assert done.code == 1
    assert "nash_gap" in done.out
    assert done.err == "the Nash gap 3 is above 0.5\n"
    assert eqsolve("regret", "pure.json", "--game", "pennies.yaml", "--fail-above", "3").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["solve", "pennies.yaml", "--tool", "1"], ["no such option", "--tol"]),
        (["sovle"], ["'solve'"]),
        (["solve"], ["missing argument 'GAME'"]),
        (["solve", "pennies.yaml", "-a", "inpq"], ["inpq", "inpg"]),
        (["solve", "pennies.yaml", "-a", "inpg", "-p", "stepp=1"], ["stepp", "`step`"]),
        (["solve", "pennies.yaml", "-a", "inpg", "-p", "step=fast"], ["step", "a number", "'fast'"]),
        (["solve", "pennies.yaml", "-a", "inpg", "-p", "step"], ["name=value"]),
        (["solve", "pennies.yaml", "-p", "step=1"], ["auto"]),
        (["solve", "couple.yaml", "-a", "zero-sum-lp"], ["zero-sum-lp", "do not sum to a constant", "inpg"]),
        (["solve", "pennies.yaml", "--tol", "-1"], ["--tol", "at least 0"]),
        (["solve", "pennies.yaml", "--tol", "nan"], ["--tol", "finite"]),
        (["solve", "pennies.yaml", "--time-limit", "5d"], ["--time-limit", "5m"]),
        (["solve", "pennies.yaml", "--max-iter", "1.5"], ["--max-iter", "whole"]),
        (["solve", "pennies.yaml", "--answer", "mean", "-a", "inpg"], ["mean", "best, last"]),
        (["solve", "pennies.yaml", "--format", "nosh"], ["'--format': 'nosh' is not one of 'text', 'json'"]),
        (["solve", "pennies.yaml", "--resume"], ["--checkpoint"]),
        (["solve", "pennies.yaml", "--trace-profiles"], ["--trace"]),
        (["solve", "pennies.yaml", "-o", "-"], ["standard output"]),
        (["solve", "pennies.yaml", "-o", "x", "--trace", "./x"], ["--trace", "--out"]),
        (["solve", "pennies.yaml", "-o", "pennies.yaml", "--force"], ["GAME"]),
        (["solve", "-", "--start", "-"], ["standard input"]),
        (["regret", "-", "--game", "-"], ["standard input"]),
        (["solve", "pennies.yaml", "-o", "couple.yaml"], ["exists", "--force"]),
        (["solve", "pennies.yaml", "--trace", "couple.yaml"], ["exists", "--force"]),
        (["solve", "pennies.yaml", "--checkpoint", "couple.yaml"], ["exists", "--force"]),
    ],
)
def test_two_for_mistakes_in_the_command(eqsolve: Cli, arguments: list[str], words: list[str]) -> None:
    done = eqsolve(*arguments)
    refused(done, 2, "error: ", *words)
    assert done.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["solve", "penies.yaml"], ["penies.yaml", "`pennies.yaml`"]),
        (["solve", "bad.yaml"], ["bad.yaml:1:", "payofs"]),
        (["solve", "tiny.yaml", "-a", "inpg"], ["payoffs differ by 3e-310", "1e-200", "smaller unit"]),
        (["info", "tiny.yaml"], ["payoffs differ by 3e-310", "1e-200", "smaller unit"]),
        (["solve", "strange.npz"], ["strange.npz", "no characters"]),
        (["regret", "missing.npz"], ["missing.npz"]),
        (["regret", "couple.yaml"], ["neither"]),
        (["regret", "."], ["junk.npz", "damaged"]),
        (["regret", "/dev/zero"], ["/dev/zero"]),
        (["regret", "long.json", "--game", "pennies.yaml"], ["long.json", "policy of Odd", "(2,)"]),
        (["regret", "sum.json", "--game", "pennies.yaml"], ["sum.json", "policy of Even", "sum to 1.1"]),
        (["solve", "pennies.yaml", "--start", "sum.json", "-a", "inpg"], ["sum.json", "policy of Even"]),
        (["solve", "pennies.yaml", "-a", "inpg", "--checkpoint", "junk.npz", "--resume"], ["junk.npz"]),
    ],
)
def test_three_for_files_that_are_not_what_they_should_be(
    eqsolve: Cli, folder: Path, arguments: list[str], words: list[str]
) -> None:
    (folder / "bad.yaml").write_text("{kind: matrix, payofs: []}")
    (folder / "tiny.yaml").write_text(
        "{kind: matrix, payoffs: [[[1.0e-310, 0], [0, 0]], [[0, 2.0e-310], [3.0e-310, 0]]]}"
    )
    name = np.frombuffer(np.array([ord("a"), 0x110000], dtype=np.uint32).tobytes(), dtype="<U2").reshape(())
    np.savez(folder / "strange.npz", payoffs=np.eye(2)[None].repeat(2, 0), name=name)
    (folder / "long.json").write_text('{"policies": [[1, 0], [1, 0, 0]]}')
    (folder / "sum.json").write_text('{"policies": [[1, 0.1], [1, 0]]}')
    (folder / "junk.npz").write_bytes(b"PK\x03\x04 and so on")
    refused(eqsolve(*arguments), 3, *words)


def test_three_where_the_current_folder_is_gone(python: Cli) -> None:
    program = (
        "import os, sys, eqsolve.cli\n"
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        "sys.exit(eqsolve.cli.main(['solve', 'pennies.yaml']))"
    )
    refused(python(program), 3, "the current folder does not exist any more")


def test_three_for_a_game_that_needs_more_memory_than_there_is(python: Cli) -> None:
    program = (
        "import sys, eqsolve.solving, eqsolve.cli\n"
        "def solve(*a, **k): raise MemoryError('Unable to allocate 8. TiB')\n"
        "eqsolve.solving.run_on = solve\n"
        "sys.exit(eqsolve.cli.main(['solve', 'pennies.yaml']))"
    )
    refused(python(program), 3, "not enough memory", "8. TiB")


def test_four_when_a_limit_comes_before_the_tolerance_and_the_result_is_written(eqsolve: Cli, folder: Path) -> None:
    done = eqsolve("solve", "cycle.yaml", "-a", "inpg", "--max-iter", 20, "--tol", "1e-9", "-o", "policy.npz")
    assert done.code == 4
    assert "nash_gap above the tolerance" in done.out
    assert (folder / "policy.npz").exists()


def test_seventy_for_a_bug_of_ours_in_one_line_and_a_hint(python: Cli) -> None:
    program = (
        "import sys, eqsolve.solving, eqsolve.cli\n"
        "eqsolve.solving.run_on = lambda *a, **k: 1 // 0\n"
        "sys.exit(eqsolve.cli.main(['solve', 'pennies.yaml', *sys.argv[1:]]))"
    )
    done = python(program)
    refused(done, 70, "bug of eqsolve", "ZeroDivisionError", "--debug")
    assert len(done.err.splitlines()) == 2
    assert "Traceback" in python(program.replace("*sys.argv[1:]", "'--debug'")).err


def smallest_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_seventy_four_when_the_policy_cannot_be_written_and_the_old_one_is_intact(process: Cli, folder: Path) -> None:
    before = b"the old file"
    (folder / "policy.npz").write_bytes(before)
    done = process("solve", "pennies.yaml", "-o", "policy.npz", "--force", "-q", preexec_fn=smallest_files)
    refused(done, 74, "policy.npz", os.strerror(errno.EFBIG))
    assert "nash_gap" in done.out  # the answer is not lost with the file
    assert (folder / "policy.npz").read_bytes() == before
    assert not list(folder.glob(".*"))


def test_seventy_four_when_the_trace_cannot_grow_but_the_run_ends_and_its_lines_are_whole(
    process: Cli, folder: Path
) -> None:
    done = process(
        "solve", "cycle.yaml", "-a", "inpg", "--max-iter", 9, "--trace", "t.jsonl", "-q", preexec_fn=smallest_files
    )
    refused(done, 74, "t.jsonl", "the lines before are whole")
    assert "iteration 9" in done.out
    assert (folder / "t.jsonl").read_text().endswith("}\n")


@pytest.mark.parametrize("out", ["no/such/folder/policy.npz", "."])
def test_seventy_four_before_the_run_when_there_is_no_place_to_write_to(eqsolve: Cli, out: str) -> None:
    refused(eqsolve("solve", "pennies.yaml", "-o", out, "--force"), 74, out)


@pytest.mark.parametrize("command", [["solve", "pennies.yaml", "-q"], ["--help"], ["algos"]])
def test_seventy_four_when_standard_output_is_full(process: Cli, command: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = process(*command, stdout=full)
    refused(done, 74, "standard output", os.strerror(errno.ENOSPC))
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("command", [["solve", "pennies.yaml", "-q"], ["algos"]])
def test_a_hundred_and_forty_one_in_silence_when_the_reader_has_left(process: Cli, command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = process(*command, stdout=writing)
    os.close(writing)
    assert (done.code, done.err) == (141, "")


def test_a_reader_of_stderr_who_leaves_does_not_end_the_run(process: Cli) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = process("solve", "pennies.yaml", stderr=writing)
    os.close(writing)
    assert done.code == 0
    assert "nash_gap" in done.out


def test_seventy_four_when_standard_output_is_closed(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", "python=$1; exec $python -m eqsolve solve pennies.yaml -q >&-", "sh", sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 74
    assert "standard output is closed" in done.stderr
