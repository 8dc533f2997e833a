"""Whatever the text, loading ends with a game or with a list of its problems, and a game that loads can be built.

EQSOLVE_FUZZ=50 tries 2,000 texts of each sort.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.errors import SpecError
from eqsolve.forms.base import Form
from eqsolve.spec import catalogue, reader
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.load import GameSpec, parse
from eqsolve.spec.schema import json_schema
from reference.forms import as_mixed
from reference.mutations import mutated

SEEDS = [family(kind).template for kind in FAMILIES] + [
    catalogue.path(name).read_text(encoding="utf-8") for name in catalogue.names()
]
#: What careless and hostile hands write.
BITS = [
    *"""
    0 1 -1 2 3 7 1.5 -0.0 1e-6 1e101 -1e300 1e999 .inf -.inf .nan 0x1F 0o17 1_000 1:30 100000 99999999999 1/3 -1/3 1/0
    '1/3' '1' "x" x true False no ~ null [] {} [[]] [1] [1,2] [[1,2],[3,4]] [[[1,2]]] {a: 1} {1: 2} [a, b] [a, a] [[a]]
    u.npy ../u.npy /etc/passwd.npy &a *a !!str !!int !!set !x <<: - ? : | > % @ ` " ' # , [ ] { } --- ... é \u2028 \\
    kind: players: actions: payoffs: zero_sum: symmetric: common: states: discount: start: rewards: transitions:
    weights: resources: strategies: table: bpr: known: solver: name: horizon:
    matrix markov congestion distancing shapley
""".split(),  # noqa: SIM905  (shorter so)
    *("9" * 400, "9" * 5000, "a" * 300, "[" * 80),
    *("\t", "\n", "\n  - ", "\n- ", ": ", "", "\x00", "\x1b[31m", "\ud800"),
]
FREE = {"name", "description", "source"}
TREES = [{k: v for k, v in reader.read(text, "seed").value.items() if k not in FREE} for text in SEEDS]
PIECE = re.compile(r"[^\s\[\]{},:]+|[\[\]{},:]")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(BITS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(BITS), inner, max_size=3),
    max_leaves=12,
)


@st.composite
def reshaped(draw: st.DrawFn) -> str:
    """A good spec some of whose parts, at any depth, are replaced, taken out, doubled or moved; as flow YAML."""
    seed = draw(st.sampled_from(TREES))
    tree = {"spec": deepcopy(seed)}
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(places(tree))))
        match draw(st.sampled_from(("replace", "replace", "move", "take out", "double"))):
            case "replace":
                holder[key] = draw(values)
            case "move":
                other, there = draw(st.sampled_from(list(places(tree))))
                holder[key] = deepcopy(other[there])
            case "take out" if holder is not tree:
                del holder[key]
            case "double" if isinstance(holder, list):
                holder.insert(key, deepcopy(holder[key]))
    return flow(tree["spec"])


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (collection, key) below `tree`."""
    for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield tree, key
        if isinstance(item, dict | list):
            yield from places(item)


def flow(value: Any) -> str:
    """A value as YAML, without the care that a dumper would take."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@given(mutated(SEEDS, BITS, PIECE))
def test_a_mutated_spec_is_a_game_or_a_list_of_problems(text: str) -> None:
    check(text)


@given(reshaped())
def test_a_spec_of_another_shape_is_a_game_or_a_list_of_problems(text: str) -> None:
    check(text)


@given(st.text(max_size=200) | st.lists(st.sampled_from(BITS), max_size=30).map(" ".join))
def test_random_text_is_a_game_or_a_list_of_problems(text: str) -> None:
    check(text)


@given(st.sampled_from(SEEDS), st.binary(min_size=1, max_size=4), st.floats(0, 1))
def test_a_spec_with_a_few_random_bytes_is_a_game_or_a_list_of_problems(text: str, noise: bytes, where: float) -> None:
    raw = text.encode()
    at = int(where * len(raw))
    with suppress(SpecError):
        check(reader.decode(raw[:at] + noise + raw[at + len(noise) :], "g.yaml"))


@cache
def schema() -> Any:
    return jsonschema.Draft202012Validator(json_schema())


def check(text: str) -> GameSpec | None:
    """A game that builds and that the schema accepts, or problems that lie inside the text."""
    try:
        spec = parse(text, "g.yaml")
    except SpecError as error:
        refused = error
    else:
        assert_whole(spec, text)
        return spec
    assert refused.problems
    assert all(p.message and 0 <= p.line <= len(text.splitlines()) + 1 for p in refused.problems)
    assert not any("\n" in line for line in refused.lines())
    return None


def assert_whole(spec: GameSpec, text: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", spec.hash)
    assert isinstance(spec.form, Form)
    assert len(as_mixed(spec.form).uniform()) == len(spec.form.players)
    problems = [error.message for error in schema().iter_errors(reader.read(text, "g.yaml").value)]
    assert not problems
