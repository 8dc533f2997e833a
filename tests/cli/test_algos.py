"""`eqsolve algos`: the registry as a table, and one algorithm in full."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from eqsolve.forms.registry import games_of
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import parameters_of
from eqsolve.solvers.registry import games_in_words

Cli = Callable[..., Any]


def listed(page: str) -> list[str]:
    return [line.split()[0] for line in page.splitlines() if line.startswith("  ")]


def test_every_algorithm_has_one_line_in_one_group(eqsolve: Cli) -> None:
    page = eqsolve("algos").out
    assert sorted(listed(page)) == sorted(SOLVERS)
    assert all(len(line) <= 80 for line in page.splitlines())
    assert "…" not in page  # nothing is cut off
    assert all(
        "equilibri" in SOLVERS[name].summary for name in listed(page.split("\n\n")[1]) if name != "nashpy-support"
    )


def test_words_choose_among_them(eqsolve: Cli) -> None:
    assert set(listed(eqsolve("algos", "markov").out)) == {n for n, row in SOLVERS.items() if "markov" in row.forms}
    assert set(listed(eqsolve("algos", "two-player", "zero-sum").out)) == {
        "zero-sum-lp",
        "zero-sum-simplex",
        "sequence-lp",
    }
    assert "cfr+" in listed(eqsolve("algos", "poker").out)
    assert [row["name"] for row in json.loads(eqsolve("algos", "correlated", "--format", "json").out)] == ["ce", "cce"]
    done = eqsolve("algos", "markov", "poker", "tree")
    assert (done.code, done.err.splitlines()[0]) == (2, "error: no algorithm has all of the words markov poker tree")


def test_the_registrys_order_is_that_of_the_json(eqsolve: Cli) -> None:
    assert [row["name"] for row in json.loads(eqsolve("algos", "--format", "json").out)] == list(SOLVERS)


@pytest.mark.parametrize("name", SOLVERS)
def test_the_page_of_an_algorithm_says_what_its_row_and_its_fields_say(eqsolve: Cli, name: str) -> None:
    row, page = SOLVERS[name], eqsolve("algos", name).out
    forms = map(games_of, row.forms)
    for fact in (row.summary, row.reference, *forms, *row.needs, *row.aliases, *row.answers):
        assert fact in page
    for answer, games in row.converges:
        assert f"'{answer}' tends to 0 in {games_in_words(games)}" in page
    for parameter in parameters_of(row):
        default = "none" if parameter.default is None else str(parameter.default)
        if parameter.default is not None or "default" not in parameter.help:
            assert f"{parameter.name} ({parameter.symbol}, default {default})".lower() in page.lower()
        assert f"{parameter.name} ({parameter.symbol}" in page
        assert parameter.help in page


def test_an_alias_names_the_same_algorithm(eqsolve: Cli) -> None:
    assert eqsolve("algos", "mwu").out == eqsolve("algos", "inpg").out


def test_an_unknown_name_comes_with_the_nearest(eqsolve: Cli) -> None:
    done = eqsolve("algos", "zero-sum-pl")
    assert done.code == 2
    assert "`zero-sum-lp`" in done.err
