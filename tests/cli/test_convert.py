"""`eqsolve convert`, and games of other formats wherever a game is named."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from eqsolve.cli.streams import emit
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import load
from reference.efg import CARDS
from reference.nfg import OUTCOMES

Cli = Callable[..., Any]


@pytest.fixture(autouse=True)
def cards(folder: Path) -> None:
    (folder / "cards.efg").write_text(CARDS)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))


def test_a_game_goes_to_another_format_and_back(eqsolve: Cli, folder: Path) -> None:
    for source, target in (("cards.efg", "cards.yaml"), ("cards.yaml", "back.efg")):
        done = eqsolve("convert", source, target)
        assert (done.code, done.out, done.err) == (0, "", "")
    assert (folder / "back.efg").read_text().splitlines() == CARDS.replace(' ""\n', '\n""\n\n', 1).splitlines()


@pytest.mark.parametrize("arguments", [["--to", "efg"], ["-", "--to", "efg"], ["-o", "-", "--to", "efg"]])
def test_it_goes_to_standard_output_too(eqsolve: Cli, arguments: list[str]) -> None:
    done = eqsolve("convert", "@kuhn/two-player", *arguments)
    assert done.code == 0
    assert done.out.startswith('EFG 2 R "Kuhn poker" { "P1" "P2" }\n')


def test_it_reads_standard_input(eqsolve: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, CARDS)
    done = eqsolve("convert", "-", "--to", "yaml")
    assert (done.code, done.out.splitlines()[1:3]) == (0, ["kind: extensive", "players: [Fred, Alice]"])


def test_a_named_format_wins_over_the_suffix(eqsolve: Cli, folder: Path) -> None:
    assert eqsolve("convert", "cards.efg", "cards.txt", "--to", "yaml").code == 0
    assert "kind: extensive" in (folder / "cards.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["cards.efg"],
            [
                "which format",
                "--to yaml or --to efg or --to nfg or --to gam or --to lrs or --to tsv or --to csv or --to npz",
            ],
        ),
        (
            ["cards.efg", "cards.txt"],
            ["cards.txt: expected a name that ends in .yaml, .yml, .efg, .nfg, .gam, .lrs, .tsv"],
        ),
        (
            ["cards.efg", "x.yaml", "--to", "agg"],
            ["--to: unknown format 'agg'", "known: yaml, efg, nfg, gam, lrs, tsv, csv, npz"],
        ),
        (
            ["pennies.yaml", "x.xlsx"],
            ["xlsx: a spreadsheet of two players' tables is read, not written", "written are .yaml"],
        ),
        (["pennies.yaml", "--to", "npy"], ["npy: all payoffs as one numpy array is read, not written"]),
        (["cards.efg", "x.csv"], ["cards.efg: a game of the kind efg is a tree, which csv cannot hold"]),
        (
            ["@matrix/nine-equilibria", "x.csv"],
            ["@matrix/nine-equilibria: a table in CSV is of 2 players, this game has 3"],
        ),
        (["cards.efg", "a.yaml", "-o", "b.yaml"], ["OUT is named twice: a.yaml and --out b.yaml"]),
        (["cards.efg", "./cards.efg", "--force"], ["cards.efg: is GAME itself"]),
        (["cards.efg", "pennies.yaml"], ["pennies.yaml: exists already", "--force"]),
        (["pennies.yaml", "x.efg"], ["pennies.yaml: a game of the kind matrix has no tree to write as efg"]),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(eqsolve: Cli, arguments: list[str], words: list[str]) -> None:
    done = eqsolve("convert", *arguments)
    assert (done.code, done.out) == (2, "")
    assert all(word in done.err for word in words), done.err
    assert len(done.err.splitlines()) <= 2


def test_bad_input_leaves_what_was_there(eqsolve: Cli, folder: Path) -> None:
    (folder / "broken.efg").write_text(CARDS[:-10])
    (folder / "there.yaml").write_text("before")
    done = eqsolve("convert", "broken.efg", "there.yaml", "--force")
    assert done.code == 3
    assert done.err.startswith("broken.efg:12:11: expected `{` and a payoff per player")
    assert (folder / "there.yaml").read_text() == "before"
    assert eqsolve("convert", "none.efg", "x.yaml").code == 3
    assert eqsolve("convert", "cards.efg", "none/x.yaml").code == 74


def test_an_efg_file_is_solved_and_its_policy_judged(eqsolve: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    done = eqsolve("solve", "cards.efg", "-a", "sequence-lp", "-o", "policy.npz", "--format", "json", "-q")
    assert done.code == 0, done.err
    result = json.loads(done.out)
    assert (result["game"]["kind"], result["game"]["name"]) == ("efg", "Cards")
    assert result["values"] == pytest.approx([1 / 3, -1 / 3])
    for arguments in (["policy.npz"], ["policy.npz", "--game", "cards.efg"]):
        done = eqsolve("regret", *arguments, "--fail-above", "1e-9", "--format", "json")
        assert done.code == 0, done.err
        assert json.loads(done.out)["game"]["hash"] == result["game"]["hash"]
    typed(monkeypatch, CARDS)
    done = eqsolve("regret", "policy.npz", "--game", "-")
    assert done.code == 0, done.err


def test_a_policy_of_another_file_is_refused(eqsolve: Cli, folder: Path) -> None:
    assert eqsolve("solve", "cards.efg", "-a", "sequence-lp", "-o", "policy.npz", "-q").code == 0
    (folder / "other.efg").write_text(CARDS.replace("2, -2", "3, -3"))
    done = eqsolve("regret", "policy.npz", "--game", "other.efg")
    assert done.code == 3
    assert "policy.npz: is a policy of Cards" in done.err


def test_a_player_who_forgets_is_bad_input(eqsolve: Cli, folder: Path) -> None:
    driver = 'EFG 2 R "Driver" { "Driver" }\np "" 1 1 "road" { "on" "exit" } 0\np "" 1 1 0\nt "" 1 "" { 1 }\n'
    (folder / "driver.efg").write_text(driver + 't "" 2 "" { 4 }\nt "" 3 "" { 0 }\n')
    done = eqsolve("solve", "driver.efg", "-q")
    assert done.code == 3
    assert done.err.startswith("driver.efg:3:1: no perfect recall: player Driver")


def test_an_nfg_file_goes_round_all_formats_of_payoff_tables(eqsolve: Cli, folder: Path) -> None:
    (folder / "game.nfg").write_text(OUTCOMES)
    files = ["game.nfg", "game.npz", "game.yaml", "game.csv", "back.nfg"]
    for source, target in pairwise(files):
        done = eqsolve("convert", source, target)
        assert (done.code, done.out, done.err) == (0, "", "")
    assert len({load(folder / file).hash for file in files}) == 1
    assert eqsolve("convert", "game.nfg", "game.gam").code == 0
    traced, told = load(folder / "game.gam").form, load(folder / "game.nfg").form
    assert isinstance(traced, TensorGame)
    assert isinstance(told, TensorGame)
    assert (traced.payoffs == told.payoffs).all()


def test_an_archive_goes_through_standard_output_and_input(
    eqsolve: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = SimpleNamespace(buffer=io.BytesIO(), flush=lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", written)
        emit(b"PK and more")
    assert written.buffer.getvalue() == b"PK and more"
    assert eqsolve("convert", "pennies.yaml", "pennies.npz").code == 0
    raw = (folder / "pennies.npz").read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    done = eqsolve("convert", "-", "--to", "gam")
    assert (done.code, done.out) == (0, "2\n\n2 2\n\n2 -1\n-1 1\n\n-2 1\n1 -1\n")


@pytest.mark.parametrize("suffix", ["nfg", "gam", "npz", "csv", "lrs"])
def test_a_payoff_table_of_any_format_is_solved_and_its_policy_judged(eqsolve: Cli, suffix: str) -> None:
    game = f"pennies.{suffix}"
    assert eqsolve("convert", "pennies.yaml", game).code == 0
    done = eqsolve("solve", game, "-q", "-o", "policy.npz", "--format", "json")
    assert done.code == 0, done.err
    result = json.loads(done.out)
    assert result["game"]["kind"] == "matrix"
    assert result["values"] == pytest.approx([1 / 5, -1 / 5])
    for arguments in (["policy.npz"], ["policy.npz", "--game", game]):
        done = eqsolve("regret", *arguments, "--fail-above", "1e-9", "--format", "json")
        assert done.code == 0, done.err
        assert json.loads(done.out)["game"]["hash"] == result["game"]["hash"]


def test_how_an_array_was_read_that_fits_two_orders_is_noted(eqsolve: Cli, folder: Path) -> None:
    (folder / "game.yaml").write_text("{kind: matrix, payoffs: [[[3, 2], [0, 1]], [[0, 0], [2, 3]]]}")
    note = (
        "payoffs: the shape [2, 2, 2] fits two orders and was read as [row, column, player]; say `order: players-last`"
    )
    done = eqsolve("solve", "game.yaml", "-a", "pure", "-q", "-o", "p.npz", "--format", "json")
    assert json.loads(done.out)["notes"][0].startswith(note)
    done = eqsolve("regret", "p.npz", "--format", "json")
    assert json.loads(done.out)["notes"][0].startswith(note)
    done = eqsolve("info", "game.yaml", "--format", "json")
    assert json.loads(done.out)["remarks"][0].startswith(note)
    assert note[:60] in eqsolve("info", "game.yaml").out
    assert note[:60] in eqsolve("solve", "game.yaml", "-a", "pure", "-q").out


def test_a_file_that_is_not_read_is_named(eqsolve: Cli, folder: Path) -> None:
    (folder / "game.agg").write_text("#AGG\n2\n")
    done = eqsolve("solve", "game.agg")
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "error: game.agg: is an action-graph game (.agg); such files are not read\n"
        "  hint: open it in Gambit and save it as .nfg or .efg\n"
    )


def test_games_and_policies_are_told_apart(eqsolve: Cli) -> None:
    assert eqsolve("convert", "pennies.yaml", "pennies.npz").code == 0
    assert eqsolve("solve", "pennies.npz", "-q", "-o", "policy.npz").code == 0
    done = eqsolve("solve", "policy.npz")
    assert (done.code, done.err.splitlines()[0]) == (3, "error: policy.npz: is a policy file, not a game")
    done = eqsolve("regret", "pennies.npz")
    assert (done.code, done.err.splitlines()[0]) == (3, "error: pennies.npz: is a game, not a policy")
