"""Policy files that were cut, edited or damaged: refused in one line, and never believed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eqsolve.cli import main

Cli = Callable[..., Any]


def edited(policy: Path, **changes: Any) -> Path:
    """A copy of a policy file with other arrays, and with `meta` changed by a function."""
    with np.load(policy) as archive:
        arrays = dict(archive)
    change = changes.pop("meta", None)
    if change is not None:
        meta = json.loads(str(arrays["meta"]))
        change(meta)
        arrays["meta"] = np.array(json.dumps(meta))
    for name, array in changes.items():
        if array is None:
            del arrays[name]
        else:
            arrays[name] = array
    np.savez(policy.with_name("edited.npz"), **arrays)
    return policy.with_name("edited.npz")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policy_0": np.array([0.5, np.nan])}, "policy of Row: probability 1 is nan"),
        ({"policy_1": np.array([1.5, -0.5])}, "policy of Column: probability 1 is negative"),
        ({"policy_1": np.array([0.5, 0.4])}, "policy of Column: probabilities sum to 0.9"),
        ({"policy_0": np.ones(3) / 3}, "policy of Row: expected shape (2,)"),
        ({"policy_0": np.array([1, 0])}, "`policy_0`, the policy of Row"),
        ({"policy_1": None}, "`policy_1`, the policy of Column"),
        ({"policy_0": np.array([[1], None], dtype=object)}, "object"),
        ({"meta": lambda meta: meta.update(format="eqsolve.policy/9")}, "eqsolve.policy/9"),
        ({"meta": lambda meta: meta["game"].update(hash="0" * 64)}, "hash"),
        ({"meta": lambda meta: meta["spec"].update(text="kind: matrix")}, "its spec"),
        ({"meta": lambda meta: meta.pop("seed")}, "seed"),
        ({"meta": lambda meta: meta["answer"].update(iteration="soon")}, "answer.iteration"),
    ],
)
def test_a_policy_file_that_was_tampered_with_is_refused_saying_what_is_wrong(
    eqsolve: Cli, policy: Path, changes: dict[str, Any], words: str
) -> None:
    done = eqsolve("regret", edited(policy, **changes))
    assert done.code == 3, done.err
    assert words in done.err
    assert "edited.npz" in done.err


def test_a_gap_that_the_file_claims_and_does_not_have_is_noted(eqsolve: Cli, policy: Path) -> None:
    flattering = edited(policy, meta=lambda meta: meta.update(nash_gap=0.0))
    assert "note          the file records a Nash gap of 0; the profile in it has" in eqsolve("regret", flattering).out
    assert "note" not in eqsolve("regret", policy).out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6), st.integers(0, 10**6), st.booleans()
)
def test_no_damage_to_a_policy_file_makes_a_traceback(
    policy: Path, capsys: pytest.CaptureFixture[str], edits: list[tuple[int, int]], end: int, cut: bool
) -> None:
    data = bytearray(policy.read_bytes())
    for place, byte in edits:
        data[place % len(data)] = byte
    damaged = policy.with_name("damaged.npz")
    damaged.write_bytes(data[: end % len(data)] if cut else data)
    code = main(["regret", str(damaged)])
    assert code in (0, 3)
    assert (capsys.readouterr().err == "") == (code == 0)


def spoiled(policy: Path, name: str, header: str) -> Path:
    """A copy of a policy file in which the header of one array says something else."""
    with zipfile.ZipFile(policy) as source, zipfile.ZipFile(policy.with_name("spoiled.npz"), "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            if entry == f"{name}.npy":
                text = header.encode() + b" " * (117 - len(header)) + b"\n"
                data = data[:8] + len(text).to_bytes(2, "little") + text + data[128:]
            target.writestr(entry, data)
    return policy.with_name("spoiled.npz")


@pytest.mark.parametrize("shape", ["(1000000000000,)", f"({2**40}, {2**40})", "(-2,)", "(2, 2, 2)", "(1.5,)", "('a',)"])
@pytest.mark.parametrize("kind", ["<f8", "<U100", "|O"])
def test_shapes_that_are_not_there_are_refused_before_anything_is_allocated(
    eqsolve: Cli, policy: Path, shape: str, kind: str
) -> None:
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    done = eqsolve("regret", spoiled(policy, "policy_0", header))
    assert (done.code, len(done.err.splitlines())) == (3, 1), done.err
    assert "spoiled.npz" in done.err


@pytest.mark.parametrize(
    "place", ["game.name", "spec.origin", "spec.text", "algorithm.name", "answer.name", "states.0"]
)
def test_half_a_character_in_the_texts_of_a_policy_file_is_shown_as_an_escape_or_refused(
    process: Cli, policy: Path, place: str
) -> None:
    def change(meta: Any) -> None:
        *outer, last = place.split(".")
        for key in outer:
            meta = meta[key]
        meta[int(last) if last.isdigit() else last] = "\ud800"

    for output in ("text", "json"):
        done = process("regret", edited(policy, meta=change), "--format", output)
        assert done.code in (0, 3), done.err
        assert "Traceback" not in done.err


def test_a_policy_file_that_was_cut_anywhere_is_refused_in_one_line(eqsolve: Cli, policy: Path) -> None:
    data = policy.read_bytes()
    for end in range(0, len(data), max(1, len(data) // 60)):
        policy.with_name("cut.npz").write_bytes(data[:end])
        done = eqsolve("regret", policy.with_name("cut.npz"))
        assert (done.code, len(done.err.splitlines())) == (3, 1), (end, done.err)
