"""Trees written out: nested or by name, and every mistake with its place."""

from __future__ import annotations

import gc
import json
from fractions import Fraction
from time import process_time

import pytest

from eqsolve.errors import SpecError
from eqsolve.families.extensive.extensive import Extensive
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.spec.load import parse

#: One and two see nothing of each other; half of the time nothing matters.
NESTED = """\
kind: extensive
players: [Ann, Bob]
root:
  chance:
    "on": [1/2, {player: Ann, infoset: a, actions: {l: {player: 1, infoset: b, actions: {l: {payoffs: [1, 1/3]},
      r: {payoffs: [0, 0.1]}}}, r: {player: Bob, infoset: b, actions: {l: {payoffs: [0, 0]}, r: {payoffs: [2, 2]}}}}}]
    "off": [0.5, {payoffs: [-1, -1]}]
"""
NAMED = """\
kind: extensive
players: [Ann, Bob]
root: start
nodes:
  start: {chance: {"on": [1/2, first], "off": [1/2, over]}}
  over: {payoffs: [-1, -1]}
  first: {player: 0, infoset: a, actions: {l: left, r: right}}
  left: {player: Bob, infoset: b, actions: {l: {payoffs: [1, 1/3]}, r: {payoffs: [0, 1/10]}}}
  right: {player: Bob, infoset: b, actions: {l: {payoffs: [0, 0]}, r: {payoffs: [2, 2]}}}
"""


def form(text: str) -> SequenceForm:
    found = parse(text, "tree.yaml").form
    assert isinstance(found, SequenceForm)
    return found


@pytest.mark.parametrize("text", [NESTED, NAMED])
def test_nested_and_named_nodes_make_the_same_tree(text: str) -> None:
    found = form(text)
    assert found.players == ("Ann", "Bob")
    assert [treeplex.infosets for treeplex in found.treeplexes] == [("a",), ("b",)]
    assert found.leaves.sequences.tolist() == [[0, 1, 1, 2, 2], [0, 1, 2, 1, 2]]
    assert found.leaves.chance.tolist() == [0.5] * 5
    assert found.leaves.payoffs.tolist() == [[-1, 1, 0, 0, 2], [-1, 1 / 3, 0.1, 0, 2]]


def test_rationals_and_decimals_are_exact() -> None:
    family = parse(NESTED, "tree.yaml").family
    assert isinstance(family, Extensive)
    rules = family.rules()
    state = rules.root()
    assert rules.chances(state) == [("on", Fraction(1, 2)), ("off", Fraction(1, 2))]
    state = rules.after(rules.after(state, 0), 0)
    assert rules.payoffs(rules.after(state, 0)) == [1, Fraction(1, 3)]
    assert rules.payoffs(rules.after(state, 1)) == [0, Fraction(1, 10)]


def test_players_may_be_left_out_and_a_node_may_see_where_it_is() -> None:
    found = form(
        "{kind: extensive, root: {player: 0, actions: {l: n, r: {player: 1, actions: {x: {payoffs: [1, 2]}}}}},"
        " nodes: {n: {player: 1, actions: {x: {payoffs: [3, 4]}}}}}"
    )
    assert found.players == ("P1", "P2")
    assert [treeplex.infosets for treeplex in found.treeplexes] == [("root",), ("n", "root/r")]


def test_a_number_of_a_player_is_a_label_first() -> None:
    found = form("{kind: extensive, players: [1, 0], root: {player: 1, actions: {l: {payoffs: [1, 2]}}}}")
    assert [len(treeplex.infosets) for treeplex in found.treeplexes] == [1, 0]


def test_a_node_called_twice_stands_for_two_histories() -> None:
    found = form(
        "{kind: extensive, root: {chance: {a: [1/4, n], b: [3/4, n]}},"
        " nodes: {n: {player: 0, actions: {l: {payoffs: [1]}, r: {payoffs: [0]}}}}}"
    )
    assert found.leaves.chance.tolist() == [1, 1]


def test_chances_that_miss_one_by_rounding_only_are_accepted() -> None:
    third = "0.3333333333333"
    found = form(
        f"{{kind: extensive, root: {{chance: {{a: [{third}, {{payoffs: [1]}}], b: [{third}, {{payoffs: [2]}}],"
        f" c: [{third}, {{payoffs: [3]}}]}}}}}}"
    )
    assert found.leaves.chance.sum() == pytest.approx(1)


def test_a_long_chain_of_named_nodes_is_no_deep_nesting() -> None:
    chain = "".join(f"  n{k}: {{player: 0, actions: {{l: n{k + 1}, r: {{payoffs: [{k}]}}}}}}\n" for k in range(3000))
    found = form(f"kind: extensive\nroot: n0\nnodes:\n{chain}  n3000: {{payoffs: [0]}}\n")
    assert found.shapes == ((6001,),)


def doubling(n: int) -> str:
    lines = "".join(f"  n{k}: {{player: 0, actions: {{l: n{k + 1}, r: n{k + 1}}}}}\n" for k in range(n))
    return f"root: n0\nnodes:\n{lines}  n{n}: {{payoffs: [0]}}"


CIRCLE = """\
root: {player: 0, actions: {l: a}}
nodes:
  a: {player: 0, actions: {x: b}}
  b: {player: 0, actions: {y: a}}
"""
UNLIKE = """\
root: {chance: {x: [1/2, {player: 0, infoset: i, actions: {a: {payoffs: [1]}}}],
 y: [1/2, {player: 0, infoset: i, actions: {b: {payoffs: [1]}}}]}}
"""


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (CIRCLE, "5:31: nodes.b.actions.y",
         "the game never ends: a → b lead round in a circle"),
        ("root: a\nnodes: {a: {player: 0, actions: {x: a}}}", "3:37: nodes.a.actions.x",
         "the game never ends: a lead round in a circle"),
        ("root: alpa\nnodes: {alpha: {payoffs: [1]}}", "2:7: root", "there is no node 'alpa' under `nodes`"),
        ("root: {payoffs: [1]}\nnodes: {a: {payoffs: [1]}}", "3:9: nodes.a", "nothing leads to this node"),
        ("root: {payoffs: [1]}\nnodes: {a: b}", "3:12: nodes.a", "expected a node (a mapping), got 'b'"),
        ("root: [1]", "2:7: root", "expected a node (a mapping) or the name of one, got a list"),
        ("root: {}", "2:7: root", "expected one of `payoffs`, `chance` and `actions` (with `player`), got nothing"),
        ("root: {payoffs: [1], actions: 1}", "2:7: root", "expected one of `payoffs`, `chance` and `actions`"),
        ("root: {actions: {a: {payoffs: [1]}}}", "2:7: root", "the key `player` is missing"),
        ("root: {player: , actions: {a: {payoffs: [1]}}}", "2:16: root.player", "expected a label, got nothing"),
        ("root: {payoffs: [1], player: 0}", "2:22: root.player", "unknown key"),
        ("root: {payoffs: [1, .inf]}", "2:21: root.payoffs[1]", "expected a finite number, got .inf"),
        ("root: {payoffs: [1, 1/0]}", "2:21: root.payoffs[1]", "division by zero in '1/0'"),
        ("root: {payoffs: []}", "2:17: root.payoffs", "expected a list of payoffs, one per player, got an empty list"),
        ("root: {chance: {a: [1/2, {payoffs: [1]}]}}", "2:16: root.chance", "the probabilities sum to 0.5, not 1"),
        ("root: {chance: {a: [-1/2, {payoffs: [1]}], b: [3/2, {payoffs: [1]}]}}", "2:21: root.chance.a[0]",
         "expected a probability above 0, got '-1/2'"),
        ("root: {chance: {a: {payoffs: [1]}}}", "2:20: root.chance.a", "expected [probability, node], got a mapping"),
        ("root: {player: Zoe, actions: {a: {payoffs: [1]}}}", "2:16: root.player", "there is no player 'Zoe'"),
        ("root: {player: 1, actions: {a: {payoffs: [1]}}}", "2:16: root.player", "there is no player '1'"),
        ("root: {player: 0, actions: {a: {payoffs: [1]}, b: {payoffs: [1, 2]}}}", "2:61: root.actions.b.payoffs",
         "expected 1 payoffs, one per player, got 2"),
        (UNLIKE, "3:44: root.chance.y[1].actions",
         "information set 'i' has actions [b] here and [a] elsewhere"),
        (doubling(70), "2:7: root", "this game has 1180591620717411303424 leaves, more than the 20000000 that fit"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(f"kind: extensive\n{text}\n", "tree.yaml")
    assert caught.value.lines()[0].startswith(f"tree.yaml:{place}: {message}"), caught.value.lines()


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SpecError) as caught:
        parse("kind: extensive\nroot: {player: 0, actions: {a: {payoffs: [x]}, b: {pays: [1]}, c: 3.5}}\n", "tree.yaml")
    assert len(caught.value.problems) == 3


def test_a_player_who_forgets_is_named_with_what_he_did() -> None:
    forgetful = (
        "{kind: extensive, players: [Ann], root: {player: Ann, infoset: i, actions: {"
        "l: {player: Ann, infoset: j, actions: {x: {payoffs: [1]}}},"
        " r: {player: Ann, infoset: j, actions: {x: {payoffs: [2]}}}}}}"
    )
    with pytest.raises(SpecError) as caught:
        form(forgetful)
    assert caught.value.lines()[0] == (
        "tree.yaml:1:163: no perfect recall: player Ann comes to information set 'j' after 'l' at 'i' and after 'r' at "
        "'i' (histories: l; r)"
    )


def test_a_node_called_twice_shows_where_it_stands_and_how_one_comes_there() -> None:
    text = (
        "kind: extensive\nroot: {player: 0, actions: {l: again, r: again}}\n"
        "nodes:\n  again: {player: 0, actions: {x: {payoffs: [1]}}}\n"
    )
    with pytest.raises(SpecError) as caught:
        _ = parse(text, "tree.yaml").form
    assert caught.value.lines()[0] == (
        "tree.yaml:4:10: no perfect recall: player P1 comes to information set 'again' after 'l' at 'root' and after"
        " 'r' at 'root' (histories: l; r)"
    )


def test_nodes_that_are_seen_apart_never_share_a_label() -> None:
    end = "{payoffs: [0]}"
    deeper = f"{{player: 0, actions: {{b: {{player: 0, actions: {{c: {end}}}}}}}}}"
    text = (
        f"{{kind: extensive, root: {{player: 0, actions: {{a/b: {{player: 0, actions: {{c: {end}}}}}, a: {deeper}}}}}}}"
    )
    with pytest.raises(SpecError, match="two nodes that player 0 is to tell apart would both be"):
        parse(text, "tree.yaml")


def test_a_tree_of_astronomic_size_is_told_by_its_power_of_ten() -> None:
    nodes = "".join(f"  n{k}: {{player: 0, actions: {{a: n{k + 1}, b: n{k + 1}}}}}\n" for k in range(20_000))
    with pytest.raises(SpecError, match=r"this game has more than 10\^6020 leaves, more than the 20000000 that fit"):
        parse(f"kind: extensive\nroot: n0\nnodes:\n{nodes}  n20000: {{payoffs: [1]}}\n", "tree.yaml")


@pytest.mark.benchmark
def test_a_tree_of_some_mb_is_read_checked_hashed_and_built_in_twenty_times_what_json_takes() -> None:
    """By processor time, with the collector paused for both; 65,535 decisions, 65,536 ends."""
    ends = [{"payoffs": [k % 7, f"{k % 5}/3"]} for k in range(2**16)]
    nodes = {
        f"n{k}": {
            "player": str(k % 2),
            "infoset": f"set {k}",
            "actions": {"l": f"n{2 * k}", "r": f"n{2 * k + 1}"}
            if k < 2**15
            else {"l": ends[2 * k - 2**16], "r": ends[2 * k + 1 - 2**16]},
        }
        for k in range(1, 2**16)
    }
    text = json.dumps({"kind": "extensive", "root": "n1", "nodes": nodes})
    assert len(text) > 6_000_000
    ours, theirs = [], []
    for _ in range(3):
        gc.collect()
        gc.disable()
        try:
            began = process_time()
            spec = parse(text, "tree.yaml")
            assert spec.hash
            assert isinstance(spec.form, SequenceForm)
            ours.append(process_time() - began)
            began = process_time()
            json.loads(text)
            theirs.append(process_time() - began)
        finally:
            gc.enable()
    assert min(ours) <= 20 * min(theirs)
