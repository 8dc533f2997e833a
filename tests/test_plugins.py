"""Algorithms and kinds of games of other packages: a folder with entry points, as an installer leaves one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import eqsolve
from eqsolve import plugins
from eqsolve.cli.boundary import guarded
from eqsolve.errors import UsageError
from eqsolve.solvers import find
from eqsolve.spec.load import parse

MODULE = '''
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from eqsolve.solvers import Row
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import Number


class State(NamedTuple):
    iteration: int
    profile: tuple


@dataclass(frozen=True)
class Uniform:
    """Answers with the uniform profile, whatever the game."""

    weight: float = field(default=1.0, metadata={"symbol": "w", "help": "counts for nothing"})

    def init(self, game, seed, start=None):
        return State(0, game.uniform() if start is None else start)

    def step(self, game, state, steps):
        return state._replace(iteration=state.iteration + steps)

    def answers(self, game, state):
        return {"last": state.profile}


class Crashing(Uniform):
    """Fails at its first step."""

    def step(self, game, state, steps):
        return 1 / 0


class NoProfile(Uniform):
    def answers(self, game, state):
        return {"last": tuple(p / 2 for p in state.profile)}


class Half:
    def init(self, game, seed, start=None):
        return State(0, ())


ROW = Row(name="told", target="", forms=("normal",), summary="the same, told", reference="Nobody 1900",
          answers=("last",), converges=(), needs=("zero-sum",), solver=Uniform)


class Volunteer(Family):
    """Somebody has to do it."""

    kind: Literal["volunteer"] = Field(description="The family.")
    benefit: Number = Field(description="To all, if somebody does it.")
    template: ClassVar[str] = "kind: volunteer\\nbenefit: 2\\n"

    def build(self):
        from eqsolve.forms.normal.game import TensorGame

        done = np.array([[1.0, 1.0], [1.0, 0.0]]) * self.benefit
        cost = np.array([[1.0, 1.0], [0.0, 0.0]])
        return TensorGame(("A", "B"), (("do", "wait"),) * 2, np.stack([done - cost, done - cost.T]))


class Rotten(Family):
    kind: Literal["rotten"]

    def build(self):
        raise ValueError("out of order")
'''

ENTRY_POINTS = """
[eqsolve.solvers]
uniform = other_games:Uniform
told = other_games:ROW
crashing = other_games:Crashing
no-profile = other_games:NoProfile
half = other_games:Half
gone = other_games:Gone
lost = no_such_module:Solver
number = other_games:json_number

[eqsolve.families]
volunteer = other_games:Volunteer
rotten = other_games:Rotten
no-family = other_games:Uniform
"""


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on sys.path as if a package `other-games` were installed there."""
    folder = tmp_path / "site"
    info = folder / "other_games-0.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-games\nVersion: 0.3\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (folder / "other_games.py").write_text(MODULE + "\njson_number = 3\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "other_games", raising=False)
    return folder


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> SimpleNamespace:
    code = guarded(list(arguments))
    out, err = capsys.readouterr()
    return SimpleNamespace(code=code, out=out, err=err)


def test_an_algorithm_of_another_package_is_used_by_name(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = eqsolve.solve("@matrix/matching-pennies", "uniform", {"weight": 2}, max_iter=3)
    assert (result.algorithm.name, result.algorithm.parameters) == ("uniform", {"weight": 2.0})
    assert result.answer is not None
    assert result.answer.record.nash_gap == 0
    done = command(
        capsys, "solve", "@matrix/matching-pennies", "-a", "uniform", "-p", "weight=3", "--max-iter", "3", "-q",
        "--format", "json",
    )  # fmt: skip
    assert done.code == 0
    assert json.loads(done.out)["algorithm"]["parameters"] == {"weight": 3.0}


def test_its_row_says_what_it_accepts(other: Path) -> None:
    assert eqsolve.solve("@matrix/matching-pennies", "told", max_iter=1).algorithm.name == "told"
    with pytest.raises(UsageError, match="told does not accept this game: its payoffs do not sum to a constant"):
        eqsolve.solve("@matrix/chicken", "told")


def test_lists_name_it_and_import_nothing(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = command(capsys, "algos")
    assert "uniform" in listed.out
    assert "other-games 0.3" in listed.out
    rows = {row["name"]: row for row in json.loads(command(capsys, "algos", "--format", "json").out)}
    assert rows["uniform"]["package"] == "other-games 0.3"
    assert "other_games" not in sys.modules
    page = command(capsys, "algos", "uniform")
    assert "Answers with the uniform profile" in page.out
    assert "weight (w, default 1.0)" in page.out


def test_a_name_of_ours_is_never_looked_for_elsewhere(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(group: str, name: str) -> None:
        raise AssertionError(f"{name} was looked for in {group}")

    monkeypatch.setattr(plugins, "find", refuse)
    assert find("inpg").name == "inpg"
    assert parse("{kind: matrix, zero_sum: [[1]]}", "game.yaml").kind == "matrix"


def test_help_does_not_look_through_packages() -> None:
    code = "import sys; from eqsolve.cli import main; main(['--help']); print('importlib.metadata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_kind_of_another_package_is_a_game_like_any_other(
    other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "neighbours.yaml"
    spec.write_text("kind: volunteer\nbenefit: 3\n")
    policy = tmp_path / "policy.npz"
    assert command(capsys, "solve", str(spec), "-q", "-o", str(policy)).code == 0
    assert command(capsys, "regret", str(policy), "-q").code == 0
    assert command(capsys, "new", "volunteer").out == "kind: volunteer\nbenefit: 2\n"
    game = eqsolve.load({"kind": "volunteer", "benefit": 3})
    assert game.hash == eqsolve.load(spec).hash
    spec.write_text("kind: volunteer\nbenefitt: 3\n")
    assert "did you mean `benefit`?" in command(capsys, "solve", str(spec)).err


def test_misspelt_names_are_near_to_those_of_packages_too(other: Path) -> None:
    with pytest.raises(UsageError) as unknown:
        find("unifrom")
    assert unknown.value.hint == "did you mean `uniform`?"
    with pytest.raises(eqsolve.errors.InputError) as strange:
        parse("kind: voluntier", "game.yaml")
    assert "did you mean `volunteer`?" in strange.value.lines()[-1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("crashing", "the algorithm 'crashing' of other-games 0.3 fails: ZeroDivisionError: division by zero"),
        ("no-profile", "'no-profile' of other-games 0.3 fails: RuntimeError: answer 'last' of NoProfile: policy of"),
        ("half", "'half' of other-games 0.3 fails: Half has no step(game, state, steps), answers(game, state)"),
        ("gone", "'gone' of other-games 0.3 fails: AttributeError: module 'other_games' has no attribute 'Gone'"),
        ("lost", "'lost' of other-games 0.3 fails: ModuleNotFoundError: No module named 'no_such_module'"),
        ("number", "'number' of other-games 0.3 fails: expected a class or a Row, got int"),
    ],
)
def test_a_broken_algorithm_is_one_line(
    other: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    done = command(capsys, "solve", "@matrix/matching-pennies", "-a", name, "-q")
    assert done.code == 2
    assert message in done.err.splitlines()[0]
    assert len(done.err.splitlines()) == 2
    assert "Traceback" not in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("rotten", "the kind of game 'rotten' of other-games 0.3 fails: ValueError: out of order"),
        ("no-family", "'no-family' of other-games 0.3 fails: expected a subclass of eqsolve.spec.base.Family, got Uni"),
    ],
)
def test_a_broken_kind_is_one_line(
    other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, message: str
) -> None:
    spec = tmp_path / "game.yaml"
    spec.write_text(f"kind: {kind}\n")
    done = command(capsys, "solve", str(spec), "-q")
    assert done.code == 2
    assert message in done.err.splitlines()[0]
    assert "Traceback" not in done.err


def test_two_packages_of_one_name_are_told_apart(other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "more" / "more_games-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: more-games\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[eqsolve.solvers]\nuniform = more_games:Uniform\n")
    monkeypatch.syspath_prepend(str(tmp_path / "more"))
    with pytest.raises(UsageError, match=r"'uniform' is offered by more-games 1\.0 and other-games 0\.3"):
        find("uniform")
