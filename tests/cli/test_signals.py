"""Signals end a run well: what there is is written, the code says which signal it was, and soon."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from eqsolve.cli.interrupted import unanswered
from eqsolve.cli.signals import STOPPING
from eqsolve.report import result_schema
from eqsolve.store import read_checkpoint, read_policy

pytestmark = pytest.mark.slow

Start = Callable[..., "subprocess.Popen[str]"]


def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for something that a process does."""
    end = monotonic() + seconds
    while not happened():
        assert monotonic() < end, "it did not happen in time"
        sleep(0.01)


def has_lines(path: Path, count: int) -> Callable[[], bool]:
    return lambda: path.exists() and path.read_bytes().count(b"\n") >= count


def endless(started: Start, *more: str) -> subprocess.Popen[str]:
    """A run that would go on for ever, and is past its first measured points."""
    child = started(
        "solve", "cycle.yaml", "-a", "inpg", "--tol", "0", "--time-limit", "1h", "--trace", "t.jsonl", *more
    )
    until(has_lines(Path("t.jsonl"), 10))
    return child


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_writes_the_best_so_far_and_the_checkpoint(
    started: Start, folder: Path, number: signal.Signals, code: int
) -> None:
    with endless(started, "-o", "policy.npz", "--checkpoint", "run.ckpt", "--format", "json") as child:
        sent = monotonic()
        child.send_signal(number)
        out, err = child.communicate(timeout=30)
    assert child.returncode == code
    assert monotonic() - sent < 2  # 0.3 s where nothing else runs
    assert json.loads(out)["status"] == "interrupted"
    assert "stopping" in err
    assert "Traceback" not in err
    assert read_policy(folder / "policy.npz").meta.status == "interrupted"
    assert read_checkpoint(folder / "run.ckpt").state["iteration"] > 0


def test_a_checkpoint_on_request_does_not_end_the_run(started: Start, folder: Path) -> None:
    with endless(started, "--checkpoint", "run.ckpt", "--checkpoint-every", "1h") as child:
        assert not (folder / "run.ckpt").exists()
        child.send_signal(signal.SIGUSR1)
        until((folder / "run.ckpt").exists)
        assert child.poll() is None
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)
    assert child.returncode == 143


def test_the_log_tells_that_a_signal_came(started: Start, folder: Path) -> None:
    with endless(started, "--log", "run.log") as child:
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)
    lines = [line for line in (folder / "run.log").read_text().splitlines() if "stopping" in line]
    assert [line.partition("  ")[2] for line in lines] == [STOPPING]


def test_a_signal_before_the_first_answer_ends_it_in_one_line(started: Start, folder: Path) -> None:
    with started("solve", "-", "-o", "policy.npz", stdin=subprocess.PIPE) as child:  # it waits for its spec
        sleep(1)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert (out, err) == ("", "interrupted before the first answer; nothing was written\n")
    assert not (folder / "policy.npz").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_the_first_answer_still_leaves_a_document(
    started: Start, number: signal.Signals, code: int
) -> None:
    with started("solve", "-", "--format", "json", "--seed", "7", stdin=subprocess.PIPE) as child:
        sleep(1)
        child.send_signal(number)
        out, _ = child.communicate(timeout=30)
    assert child.returncode == code
    document = json.loads(out)
    Draft202012Validator(result_schema()).validate(document)
    assert (document["status"], document["answer"], document["game"], document["seed"]) == (
        "interrupted",
        None,
        None,
        7,
    )


def test_the_document_before_the_first_answer_has_the_names_of_any_result(eqsolve: Callable[..., Any]) -> None:
    usual = json.loads(eqsolve("solve", "pennies.yaml", "--format", "json", "--no-provenance", "--profile").out)
    early = json.loads(unanswered(usual["game"], 0, profile=True))
    Draft202012Validator(result_schema()).validate(early)
    assert early.keys() == usual.keys()
    assert early["game"] == usual["game"]


def test_the_second_signal_ends_the_process_at_once(python: Callable[[str], Any]) -> None:
    program = (
        "import os, signal\n"
        "from eqsolve.cli.signals import Signals\n"
        "with Signals() as signals:\n"
        "    signals.started()\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print(signals.request(), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    print('still here', flush=True)\n"
    )
    done = python(program)
    assert (done.code, done.out) == (130, "stop\n")


def test_killed_again_and_again_a_run_ends_as_if_nothing_had_happened(started: Start, folder: Path) -> None:
    def run(name: str, *more: str) -> subprocess.Popen[str]:
        files = ["-o", f"{name}.npz", "--trace", f"{name}.jsonl"]
        limits = ["-q", "--no-provenance", "--max-iter", "600000", "--measure-every", "6000"]
        return started("solve", "cycle.yaml", "-a", "inpg", *files, *limits, *more)

    with run("whole") as child:
        whole, _ = child.communicate(timeout=60)
    kills = 0
    resumable = ["--checkpoint", "run.ckpt", "--checkpoint-every", "0", "--resume"]
    while kills < 4:
        with run("parts", *resumable) as child:
            seen = (folder / "run.ckpt").stat().st_mtime_ns if kills else 0
            until(lambda seen=seen: child.poll() is not None or _newer(folder / "run.ckpt", seen))  # type: ignore[misc]
            sleep(0.01 * kills)
            child.kill()
        kills += 1
    with run("parts", *resumable) as child:
        parts, _ = child.communicate(timeout=60)
    assert parts == whole
    for kind in ("npz", "jsonl"):
        assert (folder / f"parts.{kind}").read_bytes() == (folder / f"whole.{kind}").read_bytes()


def _newer(path: Path, than: int) -> bool:
    return path.exists() and path.stat().st_mtime_ns > than
