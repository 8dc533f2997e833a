"""Extensive games on the command line: policies in and out, and trees that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from eqsolve.report import result_schema

Cli = Callable[..., Any]

#: Kuhn 1950 with α = 0: entry 0 is the empty sequence.
KUHN = [
    [1, 1, 0, 1, 0, 1, 0, 1, 0, 2 / 3, 1 / 3, 0, 1],
    [1, 1, 0, 2 / 3, 1 / 3, 0, 1, 0, 1, 2 / 3, 1 / 3, 1, 0],
]


def test_a_plain_profile_is_judged_and_shown_by_information_sets(eqsolve: Cli, folder: Path) -> None:
    (folder / "p.json").write_text(json.dumps({"policies": KUHN}))
    done = eqsolve("regret", "p.json", "--game", "@kuhn/two-player", "--format", "json", "--profile")
    judged = json.loads(done.out)
    Draft202012Validator(result_schema()).validate(judged)
    assert judged["nash_gap"] <= 1e-15
    assert judged["values"] == pytest.approx([-1 / 18, 1 / 18])
    assert judged["profile"]["P2"]["Q bet"] == {"fold": 2 / 3, "call": 1 / 3}
    assert list(judged["profile"]["P1"]) == ["J", "Q", "K", "J check bet", "Q check bet", "K check bet"]
    text = eqsolve("regret", "p.json", "--game", "@kuhn/two-player", "--profile").out
    assert "policy        P1            J check bet  fold=1 call=0" in text


def test_max_regret_says_that_it_counts_by_the_reach_of_the_others(eqsolve: Cli, folder: Path) -> None:
    """A king that folds where the others never bet loses nothing by this figure, so the line claims no more."""
    never_bets = [[1, *[1, 0] * 6], [1, *[1, 0, 1, 0] * 3]]
    (folder / "p.json").write_text(json.dumps({"policies": never_bets}))
    document = json.loads(eqsolve("regret", "p.json", "--game", "@kuhn/two-player", "--format", "json").out)
    Draft202012Validator(result_schema()).validate(document)
    words = "largest gain from one information set on, times the probability that chance and the others reach it"
    assert document["max_regret_is"] == words
    text = eqsolve("regret", "p.json", "--game", "@kuhn/two-player", "-v").out
    assert next(line for line in text.splitlines() if line.startswith("max_regret ")).endswith(words)


def test_a_policy_file_holds_all_that_judging_needs(eqsolve: Cli, folder: Path) -> None:
    done = eqsolve("solve", "@extensive/beer-quiche", "-a", "cfr+", "--max-iter", 50, "-o", "p.npz", "--format", "json")
    judged = json.loads(eqsolve("regret", "p.npz", "--format", "json").out)
    assert judged["nash_gap"] == json.loads(done.out)["nash_gap"]
    file = np.load(folder / "p.npz")
    assert file["policy_0"].shape == (5,)
    meta = json.loads(str(file["meta"]))
    assert meta["actions"][1] == ["", "duel", "leave", "duel", "leave"]
    assert meta["states"][:2] == ["Sender: the empty sequence", "Sender: surly"]


def test_a_bad_row_is_named(eqsolve: Cli, folder: Path) -> None:
    wrong = [KUHN[0], [*KUHN[1][:3], 0.5, 0.4, *KUHN[1][5:]]]
    (folder / "p.json").write_text(json.dumps({"policies": wrong}))
    done = eqsolve("regret", "p.json", "--game", "@kuhn/two-player")
    assert done.code == 3
    assert done.err.splitlines()[0] == "error: p.json: policy of P2, row 2 (Q bet): probabilities sum to 0.9, not 1"


def test_a_tree_whose_player_forgets_is_one_line(eqsolve: Cli, folder: Path) -> None:
    (folder / "forgets.yaml").write_text(
        "{kind: extensive, root: {player: 0, infoset: i, actions: {l: {player: 0, infoset: j, actions: {x: {payoffs:"
        " [1]}}}, r: {player: 0, infoset: j, actions: {x: {payoffs: [2]}}}}}}"
    )
    done = eqsolve("info", "forgets.yaml", "--infosets")
    assert done.code == 3
    assert done.err.startswith(
        "forgets.yaml:1:141: no perfect recall: player P1 comes to information set 'j' after 'l' at 'i' and after"
    )
    assert done.out == ""


def test_a_game_too_large_is_refused_with_its_size(eqsolve: Cli, folder: Path) -> None:
    (folder / "large.yaml").write_text("kind: liars-dice\ndice: 3\nsides: 6\n")
    done = eqsolve("solve", "large.yaml")
    assert done.code == 3
    assert "large.yaml:3:8: sides: this game has policies of 7696581394320 entries" in done.err
