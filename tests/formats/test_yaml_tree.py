"""Labels in YAML; whole specs are written and read in test_convert.py."""

from __future__ import annotations

import json
from typing import Any

import pytest

from eqsolve.formats import yaml_tree
from eqsolve.formats.yaml_tree import scalar
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.rules import Rules
from eqsolve.spec import reader
from eqsolve.spec.load import parse
from reference.efg import CARDS


@pytest.mark.parametrize(
    "label", ["true", "null", "1", "1e3", "012", "a: b", "- x", "a #b", "~", "'", '"', "\\", "é", "a b"]
)
def test_labels_survive_yaml(label: str) -> None:
    node = f"{{player: 0, infoset: {scalar(label)}, actions: {{{scalar(label)}: {{payoffs: [1]}}}}}}"
    form = parse(f"kind: extensive\nroot: {node}", "g").form
    assert isinstance(form, SequenceForm)
    [treeplex] = form.treeplexes
    assert (treeplex.infosets, treeplex.actions) == ((label,), ("", label))


def rules_of(text: str) -> Rules:
    family: Any = parse(text, "g").family
    rules: Rules = family.rules()
    return rules


@pytest.mark.parametrize("text", ["{kind: kuhn, players: [Ann, 'no']}", "{kind: liars-dice, sides: 2}", CARDS])
def test_a_large_tree_is_written_in_yaml_that_is_json_too_and_says_the_same(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = rules_of(text)
    plain = "".join(yaml_tree.write(rules, "A title", 'with "quotes"'))
    monkeypatch.setattr(yaml_tree, "READABLE_NODES", 0)
    quoted = "".join(yaml_tree.write(rules, "A title", 'with "quotes"'))
    assert reader.read(plain, "p").value == json.loads(quoted) == reader.read(quoted, "q").value
    assert parse(plain, "p").hash == parse(quoted, "q").hash
    assert "\n" in plain
    assert all(line == line.rstrip() for line in plain.splitlines() + quoted.splitlines())


def test_a_tree_of_an_end_alone_is_json_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rules_of("{kind: extensive, root: {payoffs: [1, 1/2]}}")
    monkeypatch.setattr(yaml_tree, "READABLE_NODES", 0)
    assert json.loads("".join(yaml_tree.write(rules, "One", "")))["root"] == {"payoffs": [1, "1/2"]}
