"""`eqsolve games`, `eqsolve new` and `eqsolve schema`: what comes with the package, from any folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from eqsolve.spec import catalogue
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.reader import read


def test_the_games_are_listed_with_their_titles(eqsolve: Callable[..., Any]) -> None:
    run = eqsolve("games")
    assert run.code == 0
    assert run.err == ""
    assert eqsolve("games", "list").out == run.out
    head, *lines = run.out.splitlines()
    assert head.split() == ["game", "what", "it", "is"]
    assert [line.split()[0] for line in lines] == [f"@{name}" for name in catalogue.names()]


def test_the_list_is_the_same_in_json(eqsolve: Callable[..., Any]) -> None:
    listed = json.loads(eqsolve("games", "list", "--format", "json").out)
    assert [game["name"] for game in listed] == catalogue.names()
    assert {"name": "matrix/chicken", "kind": "matrix", "title": "Chicken"} in listed


def test_words_choose_among_the_games(eqsolve: Callable[..., Any]) -> None:
    poker = ["kuhn/three-player", "kuhn/two-player", "leduc/three-player", "leduc/two-player"]
    assert [game["name"] for game in json.loads(eqsolve("games", "poker", "--format", "json").out)] == poker
    assert eqsolve("games", "poker").out == eqsolve("games", "list", "Poker").out
    assert {line.split("/")[0] for line in eqsolve("games", "kuhn").out.splitlines()[1:]} == {"@kuhn"}
    done = eqsolve("games", "pokre")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: no game has all of the words pokre")


@pytest.mark.parametrize("name", ["distancing/eight-agents", "@distancing/eight-agents"])
def test_a_game_is_shown_as_its_file_stands(eqsolve: Callable[..., Any], name: str) -> None:
    run = eqsolve("games", "show", name)
    assert run.code == 0
    assert run.out == catalogue.path("distancing/eight-agents").read_text(encoding="utf-8")


def test_an_unknown_game_is_bad_input_with_a_suggestion(eqsolve: Callable[..., Any]) -> None:
    run = eqsolve("games", "show", "chickn")
    assert run.code == 3
    assert run.out == ""
    assert run.err.splitlines() == [
        "error: @chickn: the catalogue has no such game",
        "  hint: did you mean `@matrix/chicken`?",
    ]


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_template_goes_to_stdout_or_into_a_file_and_solves(eqsolve: Callable[..., Any], kind: str) -> None:
    run = eqsolve("new", kind)
    assert (run.code, run.out) == (0, family(kind).template)
    assert eqsolve("new", kind, "-o", "mine.yaml").out == ""
    assert Path("mine.yaml").read_text(encoding="utf-8") == family(kind).template
    assert eqsolve("solve", "mine.yaml", "--max-iter", "3").code == 0


def test_a_file_is_overwritten_only_by_force(eqsolve: Callable[..., Any]) -> None:
    Path("mine.yaml").write_text("precious")
    run = eqsolve("new", "matrix", "-o", "mine.yaml")
    assert run.code == 2
    assert "--force" in run.err
    assert Path("mine.yaml").read_text() == "precious"
    assert eqsolve("new", "matrix", "-o", "mine.yaml", "--force").code == 0
    assert Path("mine.yaml").read_text(encoding="utf-8") == family("matrix").template


def test_a_dash_is_stdout(eqsolve: Callable[..., Any]) -> None:
    assert eqsolve("new", "matrix", "-o", "-").out == family("matrix").template


def test_an_unknown_kind_is_a_usage_error_with_a_suggestion(eqsolve: Callable[..., Any]) -> None:
    run = eqsolve("new", "matrx")
    assert run.code == 2
    assert run.err.splitlines() == ["error: unknown kind 'matrx'", "  hint: did you mean `matrix`?"]


def test_the_schema_is_printed_and_accepts_the_games(eqsolve: Callable[..., Any]) -> None:
    run = eqsolve("schema")
    assert run.code == 0
    validator = jsonschema.Draft202012Validator(json.loads(run.out))
    for kind in FAMILIES:
        validator.validate(read(family(kind).template, kind).value)
