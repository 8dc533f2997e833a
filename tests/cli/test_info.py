"""`eqsolve info`: sizes, structure with its counterexample, algorithms and costs, as text and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from eqsolve import api
from eqsolve.metrics.judge import values
from eqsolve.report import info_schema
from eqsolve.solvers import SOLVERS
from reference.forms import as_mixed

Cli = Callable[..., Any]


def document(eqsolve: Cli, *arguments: object) -> dict[str, Any]:
    done = eqsolve("info", *arguments, "--format", "json", "-q")
    assert done.code == 0, done.err
    parsed: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(info_schema()).validate(parsed)
    return parsed


def test_the_schema_is_itself_valid_and_refuses_what_is_missing(eqsolve: Cli) -> None:
    Draft202012Validator.check_schema(info_schema())
    validator = Draft202012Validator(info_schema())
    for arguments in (["couple.yaml", "--cycles", 2], ["crowd.yaml", "--states"]):
        whole = document(eqsolve, *arguments)
        for key in whole:
            assert not validator.is_valid({k: v for k, v in whole.items() if k != key})
    whole = document(eqsolve, "couple.yaml", "--cycles", 2)
    del whole["structure"]["degenerate"]["examined"]
    assert not validator.is_valid(whole)


def test_the_text_has_a_line_for_each_fact(eqsolve: Cli) -> None:
    lines = dict(
        re.findall(r"^(\S+(?: \d)?) {2,}(.+)$", eqsolve("info", "crowd.yaml", "--cycles", 40).out, re.MULTILINE)
    )
    assert lines["players"] == "P1, P2, P3"
    assert lines["states"].split()[0] == "2"
    assert lines["policy_shape"] == "(2, 2)"
    for name in ("constant-sum", "common-interest", "symmetric", "anonymous", "potential"):
        assert lines[name].startswith(("yes ", "no ", "not refuted "))
    assert lines["degenerate"] == "not examined  asked of two players in normal form only"
    assert lines["auto"].startswith("inpg")
    assert "per iteration" in lines["inpg"]
    assert "pure" not in lines
    assert re.fullmatch(r"\d+ {2,}algorithms that do not fit: --format json says why", lines["others"])
    page = eqsolve("info", "crowd.yaml", "--cycles", 1, "--format", "json").out
    fitting = [one["name"] for one in json.loads(page)["algorithms"] if one["accepts"]]
    assert [name for name in lines if name in fitting and name != "auto"] != []


def test_dominated_actions_are_shown_and_by_what(eqsolve: Cli, folder: Path) -> None:
    """Left is worse than right, and a mixture of top and bottom better than the middle; then bottom is best."""
    (folder / "mixed.yaml").write_text(
        "{kind: matrix, players: [Row, Column], actions: [[top, middle, bottom], [left, right]],"
        " payoffs: [[[4, 1], [0, 2]], [[1, 1], [1, 2]], [[0, 3], [4, 4]]]}"
    )
    lines = eqsolve("info", "mixed.yaml", "-q").out.splitlines()
    at = lines.index("dominance_pure     3 actions     strictly dominated by an action, in 2 rounds")
    assert lines[at + 1 : at + 3] == ["  survive          Row: bottom", "  survive          Column: right"]
    found = document(eqsolve, "mixed.yaml")["dominance"]
    assert list(found) == ["pure", "mixed", "weak"]
    assert found["mixed"]["survivors"] == {"Row": ["bottom"], "Column": ["right"]}
    first = found["mixed"]["eliminated"][0]
    assert (first["round"], first["player"], first["action"], list(first["by"])) == (
        1,
        "Row",
        "middle",
        ["top", "bottom"],
    )
    assert document(eqsolve, "couple.yaml")["dominance"]["weak"]["eliminated"] == []
    assert (
        "dominance_pure     none          no action is strictly dominated by an action"
        in eqsolve("info", "couple.yaml").out
    )
    assert document(eqsolve, "crowd.yaml")["dominance"] is None


def test_an_open_cycle_is_told_move_by_move(eqsolve: Cli) -> None:
    out = eqsolve("info", "pennies.yaml").out
    assert "potential          no" in out
    assert re.search(r"^cycle_policy +Even at first: a\d$", out, re.MULTILINE)
    assert re.search(r"^cycle_move 1 +Even moves: a\d → a\d; payoff \S+ → \S+, [+-]\S+$", out, re.MULTILINE)
    assert re.search(r"^cycle_move 4 +Odd moves back: a\d → a\d; ", out, re.MULTILINE)
    changes = [float(x) for x in re.findall(r"^cycle_move \d .* ([+-]\S+)$", out, re.MULTILINE)]
    assert len(changes) == 4
    assert float(re.findall(r"^cycle_sum +(\S+)", out, re.MULTILINE)[0]) == pytest.approx(sum(changes)) != 0


def test_the_json_has_the_promised_keys(eqsolve: Cli) -> None:
    found = document(eqsolve, "crowd.yaml", "--cycles", 10)
    assert found["schema"] == "eqsolve.info/1"
    assert found["shapes"] == [[2, 2]] * 3
    assert found["rows"] == 2
    names = ["constant-sum", "common-interest", "symmetric", "anonymous", "degenerate", "potential"]
    assert list(found["structure"]) == names
    assert [row["name"] for row in found["algorithms"]] == list(SOLVERS)
    fits = {row["name"] for row in found["algorithms"] if row["accepts"]}
    assert set(found["estimates"]["algorithms"]) == fits
    assert found["auto"]["name"] in fits
    assert all(e["seconds_per_iteration"] > 0 for e in found["estimates"]["algorithms"].values())
    assert found["structure"]["potential"]["cycles"] == 10


@pytest.mark.parametrize("name", ["crowd.yaml", "pennies.yaml"])
def test_the_cycle_in_the_json_can_be_computed_again(eqsolve: Cli, name: str) -> None:
    form = api.load(name).form
    cycle = document(eqsolve, name, "--cycles", 20)["structure"]["potential"]["cycle"]
    i, j = (form.players.index(player) for player in cycle["players"])

    def policy(labelled: dict[str, Any]) -> list[Any]:
        return [list(v.values()) if isinstance(v, dict) else v for v in labelled.values()]

    first = [policy(labelled) for labelled in cycle["profile"].values()]
    other = {k: policy(cycle["other"][form.players[k]]) for k in (i, j)}
    row = 0 if cycle["start"] is None else as_mixed(form).rows.index(cycle["start"])
    for moved, told in zip(((), (i,), (i, j), (j,)), cycle["values"], strict=True):
        profile = [other[k] if k in moved else whole for k, whole in enumerate(first)]
        found = values(form, form.check(profile).profile)[[i, j], row]
        assert found.tolist() == pytest.approx(told)
    assert sum(cycle["changes"]) == pytest.approx(cycle["sum"])


def test_the_order_of_rows_is_listed(eqsolve: Cli) -> None:
    assert eqsolve("info", "crowd.yaml", "--states").out == "row 0              safe\nrow 1              spread\n"
    assert document(eqsolve, "crowd.yaml", "--states")["rows"] == ["safe", "spread"]
    assert "one row per player" in eqsolve("info", "couple.yaml", "--states").out


def test_the_order_of_information_sets_is_listed_with_their_entries(eqsolve: Cli) -> None:
    lines = eqsolve("info", "@extensive/selten-horse", "--infosets").out.splitlines()
    assert [line.split() for line in lines] == [
        ["entries", "1-2", "One:", "first", "across,", "down"],
        ["entries", "1-2", "Two:", "second", "down,", "across"],
        ["entries", "1-2", "Three:", "third", "left,", "right"],
    ]
    found = document(eqsolve, "@kuhn/two-player", "--infosets")
    assert found["shapes"] == [[13], [13]]
    assert found["rows"][:2] == ["P1: the empty sequence", "P1: J"]
    assert found["infosets"]["P2"][1] == {"label": "Q bet", "first": 3, "actions": ["fold", "call"]}


def test_an_extensive_game_is_told_by_its_counts(eqsolve: Cli) -> None:
    out = eqsolve("info", "@kuhn/two-player", "--cycles", 10).out
    lines = dict(re.findall(r"^(\S+(?: \d)?) {2,}(.+)$", out, re.MULTILINE))
    assert lines["infosets"].startswith("6 ")
    assert lines["leaves"].startswith("30 ")
    assert "states" not in lines
    assert "discount" not in lines
    assert lines["constant-sum"].startswith("yes ")
    assert re.search(r"^cycle_move 1 +P[12] moves: (\w+ → \w+) in [JQK]", out, re.MULTILINE)
    found = document(eqsolve, "@leduc/two-player", "--cycles", 10)
    assert found["counts"] == {"infosets": [144, 144], "sequences": [337, 337], "leaves": 1116}
    assert found["discount"] is None


def test_listing_rows_measures_and_loads_nothing_that_solves(python: Cli) -> None:
    program = (
        "import sys\nfrom eqsolve.cli import main\nassert main(['info', 'crowd.yaml', '--states']) == 0\n"
        "assert not {'numba', 'scipy', 'eqsolve.solvers.gradient.inpg', 'eqsolve.info'} & set(sys.modules)"
    )
    done = python(program)
    assert done.code == 0, done.err


def test_a_seed_and_a_number_of_cycles_give_the_same_structure_again(eqsolve: Cli) -> None:
    one, again, other = (
        document(eqsolve, "crowd.yaml", "--cycles", 12, "--seed", seed)["structure"] for seed in (3, 3, 4)
    )
    assert one["potential"] == again["potential"]
    assert one["potential"]["cycle"] != other["potential"]["cycle"]


def test_a_fixed_catalogue_game_and_standard_input_are_games_too(eqsolve: Cli, process: Cli, folder: Path) -> None:
    assert "Matching pennies" in eqsolve("info", "@matrix/matching-pennies").out
    with (folder / "couple.yaml").open() as text:
        done = process("info", "-", stdin=text)
    assert done.code == 0
    assert "The couple" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["nowhere.yaml"], 3, "no such file"),
        (["couple.yaml", "--cycles", "0"], 2, "--cycles"),
        (["couple.yaml", "--cycles", "many"], 2, "--cycles"),
        (["couple.yaml", "--seed", "-1"], 2, "--seed"),
        (["couple.yaml", "--seed", "1e30"], 2, "seed"),
    ],
)
def test_mistakes_are_told(eqsolve: Cli, arguments: list[str], code: int, word: str) -> None:
    done = eqsolve("info", *arguments)
    assert done.code == code
    assert word in done.err
    assert done.out == ""
