"""Labels in YAML; whole specs are written and read in test_convert.py."""

from __future__ import annotations

import pytest

from eqsolve.formats.yaml_tree import scalar
from eqsolve.forms.sequence import SequenceForm
from eqsolve.spec.load import parse


@pytest.mark.parametrize(
    "label", ["true", "null", "1", "1e3", "012", "a: b", "- x", "a #b", "~", "'", '"', "\\", "é", "a b"]
)
def test_labels_survive_yaml(label: str) -> None:
    node = f"{{player: 0, infoset: {scalar(label)}, actions: {{{scalar(label)}: {{payoffs: [1]}}}}}}"
    form = parse(f"kind: extensive\nroot: {node}", "g").form
    assert isinstance(form, SequenceForm)
    [treeplex] = form.treeplexes
    assert (treeplex.infosets, treeplex.actions) == ((label,), ("", label))
