"""`solve --all` and `--save-all`: every equilibrium, listed, certified and saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.runs import Cli, document
from eqsolve.report import result_schema


def test_all_equilibria_that_a_method_finds_are_listed_each_with_its_gap(eqsolve: Cli) -> None:
    found = document(eqsolve("solve", "couple.yaml", "-a", "pure", "--format", "json"))
    assert [one["nash_gap"] for one in found["equilibria"]] == [0, 0]
    assert found["equilibria"][1]["profile"]["Row"] == {"Opera": 0, "Football": 1}
    text = eqsolve("solve", "couple.yaml", "-a", "pure").out
    assert "equilibrium 2   nash_gap 0    Row: Football, Column: Football  (values 2, 3)" in text


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
        ("kuhn.yaml", "no method here lists all equilibria of an extensive game (a tree)", "--algo auto finds one"),
        ("crowd.yaml", "no method here lists all equilibria of a Markov game", "--algo auto finds one"),
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


def test_every_listed_equilibrium_is_certified_in_fractions(eqsolve: Cli) -> None:
    command = ("solve", "couple.yaml", "-a", "vertex-enumeration", "--exact")
    solved = json.loads(eqsolve(*command, "--format", "json").out)
    Draft202012Validator(result_schema()).validate(solved)
    assert [one["exact"]["regrets"] for one in solved["equilibria"]] == [["0", "0"]] * 3
    assert {"Opera": "3/5", "Football": "2/5"} in [one["exact"]["profile"]["Row"] for one in solved["equilibria"]]
    assert "proved        Row: Opera=3/5 Football=2/5, Column: Opera=2/5" in eqsolve(*command).out


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
