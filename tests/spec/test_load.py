"""Loading: from files, standard input, the catalogue and texts; every problem with its place; who reads what."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eqsolve.errors import InputError, SpecError
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec import reader
from eqsolve.spec.kinds import FAMILIES
from eqsolve.spec.load import load, parse

PENNIES = "kind: matrix\nzero_sum: [[1, -1], [-1, 1]]\n"
FAULTY = """\
kind: matrix
name: 3
payoffs:
  - [[3, 2], [0, 0]]
  - [x, [2, true]]
actoins: [[a, b], [a, b]]
players: [Row, Row]
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pennies.yaml"
    path.write_text(PENNIES)
    spec = load(path)
    assert (spec.kind, spec.name, spec.origin, spec.text, spec.files) == ("matrix", "pennies", str(path), PENNIES, {})
    assert load(str(path)).hash == spec.hash


def test_standard_input_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "u.npy", np.ones((2, 2)))
    monkeypatch.chdir(tmp_path)
    spec = load("-", io.BytesIO(b"{kind: matrix, common: u.npy}"))
    assert (spec.name, spec.origin) == ("stdin", "-")
    assert list(spec.files) == ["u.npy"]


def test_the_catalogue_is_read_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = load("@matrix/chicken")
    assert (spec.name, spec.origin) == ("Chicken", "@matrix/chicken")


def test_the_name_is_the_spec_s_own_in_one_line_else_the_file_s() -> None:
    assert parse(f"name: |\n  Matching\n  pennies\n{PENNIES}", "a/b.yaml").name == "Matching pennies"
    assert parse(PENNIES, "a/b.yaml").name == "b"
    assert parse(PENNIES, "policy.npz, its spec", name="pennies").name == "pennies"


def test_the_form_is_built_once() -> None:
    spec = parse(PENNIES, "g.yaml")
    assert isinstance(spec.form, TensorGame)
    assert spec.form is spec.form


def test_solver_defaults_are_handed_on() -> None:
    assert parse(PENNIES, "g.yaml").solver == {"algo": None, "parameters": {}}
    text = PENNIES + "solver: {algo: inpg, parameters: {step: 1e-2, init: uniform}}\n"
    assert parse(text, "g.yaml").solver == {"algo": "inpg", "parameters": {"step": 0.01, "init": "uniform"}}


def test_all_problems_are_told_at_once_with_line_caret_and_hint() -> None:
    with pytest.raises(SpecError) as caught:
        parse(FAULTY, "game.yaml")
    assert caught.value.lines() == [
        "game.yaml:2:7: name: expected text, got 3",
        "  name: 3",
        "        ^",
        "  hint: put it in quotes",
        "game.yaml:5:6: payoffs[1][0]: expected a list of 2 numbers, got 'x'",
        "    - [x, [2, true]]",
        "       ^",
        "game.yaml:5:13: payoffs[1][1][1]: expected a number, got true",
        "    - [x, [2, true]]",
        "              ^",
        "game.yaml:6:1: actoins: unknown key",
        "  actoins: [[a, b], [a, b]]",
        "  ^",
        "  hint: did you mean `actions`?",
        "game.yaml:7:16: players[1]: the label 'Row' is there twice",
        "  players: [Row, Row]",
        "                 ^",
    ]


def test_problems_of_the_yaml_and_of_the_game_are_told_together() -> None:
    with pytest.raises(SpecError) as caught:
        parse("kind: shapley\na: [1, 1, 1e999]\na: [1, 1, 1]\nb: [1]\n", "g.yaml")
    assert [(p.line, p.path) for p in caught.value.problems] == [(2, ""), (3, ""), (4, "b")]


def test_of_many_problems_the_first_are_shown() -> None:
    with pytest.raises(SpecError) as caught:
        parse(PENNIES + "".join(f"key{i}: 1\n" for i in range(50)), "g.yaml")
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1].message == "there are more problems than these"


@pytest.mark.parametrize("count", [20, 21, 40])
@pytest.mark.parametrize(
    "spec",
    [
        "kind: matrix\nzero_sum: [[{}]]",
        "kind: shapley\na: [{}]\nb: [1, 1, 1]",
        "kind: matrix\nplayers: [{}]\nzero_sum: [[1]]",
    ],
)
def test_so_it_is_with_mistakes_in_one_array(spec: str, count: int) -> None:
    with pytest.raises(SpecError) as caught:
        parse(spec.format(", ".join(["[x]"] * count)), "g.yaml")
    more = "there are more problems than these"
    assert ([p.message for p in caught.value.problems].count(more), len(caught.value.problems)) == (
        (0, 20) if count == 20 else (1, 21)
    )


def test_paths_are_spelt_so_that_they_can_be_found() -> None:
    with pytest.raises(SpecError) as caught:
        parse("kind: congestion\nplayers: 1\nresources: {a b: 3, up-2: {affin: 1}}\nstrategies: [[a b]]\n", "g.yaml")
    assert [p.path for p in caught.value.problems] == ["resources['a b']", "resources.up-2", "resources.up-2.affin"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a: 1", "the key `kind` is missing", f"known kinds: {', '.join(FAMILIES)}"),
        ("kind: matrx", "expected the name of a family, got 'matrx'", "did you mean `matrix`?"),
        ("kind: zzz", "expected the name of a family, got 'zzz'", "known kinds: matrix, congestion"),
        ("kind: [matrix]", "expected the name of a family, got a list", "known kinds: matrix"),
        ("- kind: matrix", "expected a mapping with a `kind`, got a list", "e.g. `kind: matrix`"),
        ("just text", "expected a mapping with a `kind`, got 'just text'", "e.g. `kind: matrix`"),
    ],
)
def test_a_spec_without_a_known_kind_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(text, "g.yaml")
    [problem] = caught.value.problems
    assert problem.message == message
    assert problem.hint is not None
    assert problem.hint.startswith(hint)


def test_a_missing_file_is_one_line_with_what_is_near(tmp_path: Path) -> None:
    (tmp_path / "pennies.yaml").write_text(PENNIES)
    with pytest.raises(InputError) as caught:
        load(tmp_path / "penies.yaml")
    assert caught.value.message == f"{tmp_path}/penies.yaml: there is no such file"
    assert caught.value.hint == "did you mean `pennies.yaml`?"
    assert caught.value.exit_code == 3


def test_a_missing_file_that_the_catalogue_has_is_found_there() -> None:
    with pytest.raises(InputError) as caught:
        load("games/distancing/eight-agents.yml")
    assert caught.value.hint == "the catalogue has it: `@distancing/eight-agents`"


def test_folders_and_impossible_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        load(tmp_path)
    with pytest.raises(InputError, match="not the name of a file"):
        load("a\x00b")
    with pytest.raises(InputError, match="cannot be read: File name too long"):
        load("a" * 5000)


def test_binary_and_oversized_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "g.yaml").write_bytes(b"\x00\xfe\xff")
    with pytest.raises(SpecError, match="not a text file"):
        load(tmp_path / "g.yaml")
    monkeypatch.setattr(reader, "MAX_TEXT_BYTES", 1000)
    with pytest.raises(SpecError, match="larger than"):
        load("/dev/zero")


def test_array_files_are_read_from_the_spec_s_own_folder(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.arange(8.0).reshape(2, 2, 2))
    (tmp_path / "g.yaml").write_text("{kind: matrix, payoffs: u.npy}")
    spec = load(tmp_path / "g.yaml")
    assert spec.files == {"u.npy": (tmp_path / "u.npy").read_bytes()}
    again = parse(spec.text, "policy.npz, its spec", files=spec.files)
    assert again.hash == spec.hash


def test_an_array_file_that_is_not_embedded_is_missed() -> None:
    with pytest.raises(SpecError, match=r"the array file 'u\.npy' is not at hand here"):
        parse("{kind: matrix, payoffs: u.npy}", "policy.npz, its spec", files={})


def test_loading_a_small_game_imports_no_numpy() -> None:
    code = "from eqsolve.spec.load import load; load('@distancing/eight-agents').hash; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", f"import sys; {code}"], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
