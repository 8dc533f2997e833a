"""`eqsolve algos`: the registry as a table, and one algorithm in full."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import parameters_of

Cli = Callable[..., Any]


def test_the_table_has_a_line_for_each_algorithm_in_the_registrys_order(eqsolve: Cli) -> None:
    lines = eqsolve("algos").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(SOLVERS)
    assert [row["name"] for row in json.loads(eqsolve("algos", "--format", "json").out)] == list(SOLVERS)


@pytest.mark.parametrize("name", SOLVERS)
def test_the_page_of_an_algorithm_says_what_its_row_and_its_fields_say(eqsolve: Cli, name: str) -> None:
    row, page = SOLVERS[name], eqsolve("algos", name).out
    for fact in (row.summary, row.reference, *row.forms, *row.needs, *row.aliases, *row.answers):
        assert fact in page
    for answer, games in row.converges:
        assert f"'{answer}' tends to 0 in games: {games}" in page
    for parameter in parameters_of(row):
        assert f"{parameter.name} ({parameter.symbol}, default" in page
        assert parameter.help in page


def test_an_alias_names_the_same_algorithm(eqsolve: Cli) -> None:
    assert eqsolve("algos", "mwu").out == eqsolve("algos", "inpg").out


def test_an_unknown_name_comes_with_the_nearest(eqsolve: Cli) -> None:
    done = eqsolve("algos", "zero-sum-pl")
    assert done.code == 2
    assert "`zero-sum-lp`" in done.err
