"""`eqsolve evaluate` and `eqsolve games sample`: many games of a distribution."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from eqsolve import api
from eqsolve.distributions import distribution
from eqsolve.report import evaluation_schema
from eqsolve.spec.load import load

Cli = Callable[..., Any]
DRAWN = """
kind: shapley
a: [&x "uniform(0.5, 1.5)", 1, 1]
b: [*x, 1, 1]
"""
PLUS = "regret-matching+ polish=false"


@pytest.fixture
def drawn(folder: Path) -> str:
    (folder / "shapley.yaml").write_text(DRAWN)
    return "shapley.yaml"


def document(done: Any) -> dict[str, Any]:
    assert done.code == 0, done.err
    parsed: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(evaluation_schema()).validate(parsed)
    return parsed


class TestEvaluate:
    def test_each_row_is_of_runs_of_its_algorithm_on_each_game(self, eqsolve: Cli, drawn: str, folder: Path) -> None:
        arguments = ("evaluate", drawn, "-n", 3, "-a", PLUS, "-a", "lemke-howson", "--max-iter", "8,64", "--seed", 5)
        found = document(eqsolve(*arguments, "--format", "json"))
        names = [(row["name"], row["max_iter"]) for row in found["rows"]]
        assert names == [(PLUS, 8), (PLUS, 64), ("lemke-howson", 8), ("lemke-howson", 64)]
        games = [distribution(folder / drawn).game(5, k) for k in range(3)]
        for row, steps in zip(found["rows"], (8, 64, 8, 64), strict=True):
            parameters = {"polish": False} if row["name"] == PLUS else {}
            runs = [api.solve(game, row["algorithm"], parameters, tol=0, max_iter=steps, seed=5) for game in games]
            gaps = [run.answer.record.measured["nash_conv"] for run in runs if run.answer is not None]
            assert row["nash_conv"] == pytest.approx(gaps, abs=1e-15)
            assert row["mean"] == pytest.approx(sum(gaps) / 3)
            assert row["median"] == pytest.approx(sorted(gaps)[1])
            assert row["worst"] == max(gaps)
            assert row["solved"] == pytest.approx(sum(gap <= 1e-5 for gap in gaps) / 3)
        assert found["rows"][3]["solved"] == 1
        assert found["rows"][0]["solved"] == 0

    def test_the_text_says_what_a_gap_is_and_which_hyperparameters_were_used(self, eqsolve: Cli, drawn: str) -> None:
        out = eqsolve("evaluate", drawn, "-n", 2, "-a", PLUS, "--max-iter", 8, "--answer", "average").out
        assert "sum of the players' regrets, from the start of the game, in payoff units" in out
        (used,) = [line for line in out.splitlines() if line.startswith("algorithm 1")]
        assert used.split()[2:] == [*PLUS.split(), "gamma=1.0", "swaps=False", "polish=False"]
        (row,) = [line for line in out.splitlines() if " it " in line]
        assert row.split()[-2:] == ["average", "2"]

    def test_runs_may_be_limited_by_time(self, eqsolve: Cli, drawn: str) -> None:
        found = document(eqsolve("evaluate", drawn, "-n", 1, "-a", PLUS, "--time-limit", "0.05s", "--format", "json"))
        assert found["rows"][0]["time_limit"] == 0.05
        assert found["rows"][0]["max_iter"] is None
        assert 0 < found["rows"][0]["work_seconds"][0] < 1

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("-a", PLUS), "for how long should they run?"),
            (("-a", "nothing", "--max-iter", 8), "unknown algorithm 'nothing'"),
            (("-a", "cfr", "--max-iter", 8), "game 0 of seed 0: cfr does not accept this game"),
            (("-a", PLUS, "-a", PLUS, "--max-iter", 8), "given twice"),
            (("-a", f"{PLUS} nothing=1", "--max-iter", 8), "nothing"),
            (("-a", PLUS, "--max-iter", "8,x"), "--max-iter: expected a whole number, got 'x'"),
            (("-a", PLUS, "--max-iter", 8, "-n", 0), "--games: expected at least 1, got 0"),
            (("-a", PLUS, "--max-iter", 8, "--answer", "no"), "answer: regret-matching+ offers"),
        ],
    )
    def test_mistakes_are_told_in_a_line(
        self, eqsolve: Cli, drawn: str, arguments: tuple[Any, ...], message: str
    ) -> None:
        done = eqsolve("evaluate", drawn, *arguments)
        assert (done.code, done.out) == (2, "")
        assert message in done.err


class TestSample:
    def test_one_game_is_printed_and_solves(self, eqsolve: Cli, drawn: str, folder: Path) -> None:
        done = eqsolve("games", "sample", drawn, "--seed", 3)
        (folder / "one.yaml").write_text(done.out)
        assert load(folder / "one.yaml").hash == distribution(folder / drawn).game(3, 0).hash
        assert eqsolve("solve", "one.yaml", "--quiet").code == 0

    def test_many_go_into_a_folder_of_numbered_specs(self, eqsolve: Cli, drawn: str, folder: Path) -> None:
        assert eqsolve("games", "sample", drawn, "-n", 3, "-o", "many").code == 0
        names = sorted(path.name for path in (folder / "many").iterdir())
        assert names == ["0001.yaml", "0002.yaml", "0003.yaml"]
        assert load(folder / "many/0003.yaml").hash == distribution(folder / drawn).game(0, 2).hash

    def test_a_folder_is_replaced_only_if_asked_for_and_only_one_of_games(
        self, eqsolve: Cli, drawn: str, folder: Path
    ) -> None:
        eqsolve("games", "sample", drawn, "-n", 2, "-o", "many")
        assert eqsolve("games", "sample", drawn, "-n", 1, "-o", "many").code == 2
        assert eqsolve("games", "sample", drawn, "-n", 1, "-o", "many", "--force").code == 0
        assert [path.name for path in (folder / "many").iterdir()] == ["0001.yaml"]
        (folder / "many/mine.txt").write_text("mine")
        done = eqsolve("games", "sample", drawn, "-n", 1, "-o", "many", "--force")
        assert done.code == 74
        assert "holds mine.txt" in done.err
        assert (folder / "many/mine.txt").read_text() == "mine"

    def test_several_do_not_go_to_standard_output(self, eqsolve: Cli, drawn: str) -> None:
        done = eqsolve("games", "sample", drawn, "-n", 2)
        assert (done.code, done.out) == (2, "")
        assert "-o FOLDER writes them" in done.err
