"""Games from Python values: `matrix`, `markov`, `congestion`, `extensive`, and `load` of whatever names a game.

Each makes the mapping that a spec would hold and gives it to the family that reads specs, so that checks, hashes,
exactness and policy files are those of a game from a file. What is wrong is told by the argument where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from eqsolve.errors import InputError, SpecError
from eqsolve.spec import load as specs
from eqsolve.spec.base import Family
from eqsolve.spec.faults import describe
from eqsolve.spec.files import Files
from eqsolve.spec.kinds import family
from eqsolve.spec.load import GameSpec
from eqsolve.spec.numbers import PLAYER, STATE, numbered
from eqsolve.spec.positions import Path as Trail
from eqsolve.spec.python import Translation, as_called, is_array
from eqsolve.spec.python_payoffs import split, table_labels

if TYPE_CHECKING:
    from eqsolve.forms.normal.game import TensorGame

#: Keys of specs whose arrays may be files.
ARRAYS = frozenset(("payoffs", "zero_sum", "symmetric", "common", "row", "column", "rewards", "transitions"))
#: Labels, or how many there are: they count then.
Labels: TypeAlias = Sequence[Any] | int | None


def matrix(
    *payoffs: Any,
    order: Literal["players-first", "players-last"] | None = None,
    players: Labels = None,
    actions: Sequence[Any] | None = None,
    name: str | None = None,
    description: str | None = None,
) -> GameSpec:
    """Make a game in normal form of its payoffs: nested lists, numpy arrays or tables of numbers.

    `matrix(A)`: the row player's payoffs in a zero-sum game of two. `matrix(A, B)`: the row and the column player's.
    `matrix(U_1, …, U_N)`: a tensor [A_1, …, A_N] per player, axes in the order of the players. `matrix(U)`: all in one
    array, [N, A_1, …, A_N] (`order="players-first"`) or [A_1, …, A_N, N] (`order="players-last"`); the order must be
    given where the shape fits both.

    `players`: labels, or how many; `actions`: such a list per player, else the labels of a table's rows and columns.
    Ints, Fractions and texts such as "1/3" are exact, floats in lists are their shortest decimals, arrays of floats the
    float64 numbers that they hold. SpecError names what is wrong, and where.
    """
    maker = "eqsolve.matrix"
    if not payoffs:
        raise InputError(f"{maker}: expected payoffs, got nothing", "matrix(A) is zero-sum, matrix(A, B) general")
    tensors, places = split(payoffs, order, maker)
    n = max(2, len(tensors))
    known = [str(label) for label in players] if isinstance(players, list | tuple) else []
    if known and len(known) != n:
        raise InputError(f"{maker}: players: expected {n} labels, one per player, got {len(known)}")
    body: dict[str, Any] = {"players": players, "actions": table_labels(tensors) if actions is None else actions}
    if len(tensors) <= 2:
        keys = ("zero_sum",) if len(tensors) == 1 else ("row", "column")
        spelt: dict[Trail, str] = {(key,): place for key, place in zip(keys, places, strict=True)}
        return _game("matrix", maker, body | dict(zip(keys, tensors, strict=True)), name, description, spelt)
    labels = known if len(set(known)) == n else numbered(PLAYER, n)
    spelt = {("payoffs", label): place for label, place in zip(labels, places, strict=True)}
    return _game(
        "matrix", maker, {**body, "payoffs": dict(zip(labels, tensors, strict=True))}, name, description, spelt
    )


def markov(
    rewards: Any,
    transitions: Any,
    discount: Any,
    *,
    start: Any = None,
    horizon: int | None = None,
    states: Labels = None,
    actions: Sequence[Any] | None = None,
    players: Labels = None,
    name: str | None = None,
    description: str | None = None,
) -> GameSpec:
    """Make a Markov game of its tables: `rewards` [N, S, A_1, …, A_N] and `transitions` [S, A_1, …, A_N, S].

    `rewards` may be a list of N arrays, `transitions` a mapping `{"sparse": rows}` with rows
    [s, a_1, …, a_N, s', p]. What is missing from 1 in a row of `transitions` ends the game. `discount` 1 needs a
    `horizon` (a number of stages), or a game in which no state comes back. `start` is the probability of starting in
    each state: uniform if left out, so that every state counts; or the number or the label of one state. Numbers are
    taken as in `matrix`. SpecError names what is wrong.
    """
    maker = "eqsolve.markov"
    body = {
        "players": players,
        "discount": discount,
        "horizon": horizon,
        "states": states,
        "actions": actions,
        "rewards": rewards,
        "transitions": transitions,
        "start": _start(start, states, rewards),
    }
    return _game("markov", maker, body, name, description)


def congestion(
    players: Any,
    resources: Mapping[Any, Any],
    strategies: Sequence[Any],
    *,
    weights: Sequence[int] | None = None,
    name: str | None = None,
    description: str | None = None,
) -> GameSpec:
    """Make a congestion game: each player chooses one of `strategies`, sets of `resources`, and pays their costs.

    `players`: how many, or their labels. A resource's cost is one of the mappings of a spec (`{"affine": [1, 0]}`), a
    list of its costs at load 1, 2, 3, …, or a function of the load. `strategies`: lists of resources, for all players;
    or one such list per player. `weights`: the load that each player puts on what they use, 1 if left out. Payoffs
    are minus the costs. SpecError names what is wrong.
    """
    maker = "eqsolve.congestion"
    if not isinstance(resources, Mapping):
        raise InputError(f"{maker}: resources: expected a mapping from resources to costs, got {describe(resources)}")
    loads = range(1, _total_load(players, weights) + 1)
    body = {
        "players": players,
        "weights": weights,
        "strategies": strategies,
        "resources": {key: _cost(cost, loads) for key, cost in resources.items()},
    }
    return _game("congestion", maker, body, name, description)


def extensive(
    rules: Any,
    *,
    nodes: Mapping[str, Any] | None = None,
    players: Labels = None,
    name: str | None = None,
    description: str | None = None,
) -> GameSpec:
    """Make an extensive game of its rules, or of a tree of nested dicts.

    `rules`: an object with `players`, `root()`, `turn(state)`, `chances(state)`, `infoset(state)`, `actions(state)`,
    `after(state, choice)` and `payoffs(state)`, as `eqsolve.forms.rules.Rules` describes them; every history is walked.
    Or a node as a spec writes it, with `nodes` by name and `players`; or a mapping of all these. Players must have
    perfect recall, which is checked when the game is built. SpecError or InputError names what is wrong.
    """
    maker = "eqsolve.extensive"
    if isinstance(rules, Mapping):
        whole = {"root", "nodes", "players"} & rules.keys()
        given = {"nodes": nodes, "players": players}
        body = {**rules, **{key: value for key, value in given.items() if value is not None}} if whole else None
        return _game("extensive", maker, body or {**given, "root": rules}, name, description)
    from eqsolve.formats.python_rules import nodes_of

    found = nodes_of(rules, maker)
    return _game("extensive", maker, {**found, "players": players or found["players"]}, name, description)


def load(source: Any) -> GameSpec:
    """Load a game: a file, `@family/name` from the catalogue, `-` for standard input, or a spec as a dict.

    Array files that a dict names are taken from the current folder. A game that is one already is returned as it is.
    Raises InputError, or SpecError with every problem found.
    """
    if isinstance(source, GameSpec):
        return source
    if isinstance(source, Mapping):
        return _game(None, "eqsolve.load", dict(source), None, None)
    if not isinstance(source, str | PathLike) or isinstance(fspath(source), bytes):
        raise InputError(
            f"eqsolve.load: expected a path, '@family/name' or a dict, got {describe(source)}",
            "arrays of payoffs are for eqsolve.matrix or eqsolve.solve",
        )
    return specs.load(source if isinstance(source, str) else Path(source))


def parse(text: str, *, folder: str | PathLike[str] | None = None, name: str | None = None) -> GameSpec:
    """Read a game from a text: a spec in YAML, or the text of another format that `load` reads.

    Array files that it names are taken from `folder`. `name` serves where the text has none. Raises SpecError with
    every problem found, by line and column.
    """
    if not isinstance(text, str):
        raise InputError(f"eqsolve.parse: expected a text, got {describe(text)}", "eqsolve.load reads files and dicts")
    return specs.parse(text, "text", folder=None if folder is None else Path(folder), name=name)


def as_game(source: Any) -> GameSpec:
    """Return the game that `source` is or names: what `solve` takes.

    A game or a `Form`, a `Family`, rules; a path, a name or a dict as for `load`; payoffs as for `matrix`, of which a
    tuple holds one per player.
    """
    from eqsolve.families.given import Given
    from eqsolve.formats.python_rules import missing
    from eqsolve.forms.base import Form
    from eqsolve.forms.normal.game import TensorGame

    if isinstance(source, GameSpec | str | PathLike | Mapping):
        return load(source)
    if isinstance(source, TensorGame):
        return _game("matrix", "eqsolve.matrix", _tables(source), None, None)
    if isinstance(source, Form):
        source = Given.of(source)
    if isinstance(source, Family):
        title = " ".join((source.name or "").split())
        return GameSpec(source, "", f"a game of kind {source.kind}", title or source.kind, {}, in_python=True)
    if not missing(source):
        return extensive(source)
    if isinstance(source, tuple) and len(source) > 1:
        return matrix(*source)
    if is_array(source) or isinstance(source, list | tuple):
        return matrix(source)
    raise InputError(
        f"expected a game, got {describe(source)}",
        "a path, '@family/name', a dict, payoffs, or what eqsolve.matrix, .markov, .congestion and .extensive make",
    )


def _tables(form: TensorGame) -> dict[str, Any]:
    """Return the spec of a form that is a payoff tensor: floats as they are, other numbers as they were written."""
    if form.formula is not None and form.exact is not None:
        tensors = list(form.exact.fractions())
    else:
        floats = range(len(form.players)) if form.meaning is None else form.meaning.floats
        numbers = form.payoffs.astype(object)
        for place, exact in (form.meaning.rationals if form.meaning else {}).items():
            numbers.reshape(-1)[place] = exact
        tensors = [own if i in floats else numbers[i] for i, own in enumerate(form.payoffs)]
    tables = dict(zip(form.players, tensors, strict=True))
    return {"players": form.players, "actions": form.actions, "payoffs": tables}


def _game(
    kind: str | None,
    maker: str,
    body: Mapping[str, Any],
    name: str | None,
    description: str | None,
    places: Mapping[Trail, str] | None = None,
) -> GameSpec:
    """Return the game that the mapping of a spec tells; `places` spells paths of the spec as the caller's arguments."""
    given = dict(body)
    if kind is not None:
        fields = family(kind).model_fields
        named = {"kind": kind, "name": name, "description": description, **body}
        given = {key: value for key, value in named.items() if value is not None or fields[key].is_required()}
    translation = Translation()
    model = None
    try:
        spec = {str(key): translation.value(v, (str(key),), arrays=key in ARRAYS) for key, v in given.items()}
        array_files, faults = Files(Path(), translation.files), translation.faults
        if not faults:
            model, faults = specs.validate(spec, array_files)
    except RecursionError:
        raise InputError(f"{maker}: nested too deep", "a tree's nodes may stand by name under `nodes`") from None
    if model is None or faults:
        raise SpecError(maker, specs.first_problems([as_called(fault, places or {}) for fault in faults]))
    text = "".join(f"{key}: {_json(value, maker)}\n" for key, value in spec.items())
    title = " ".join((model.name or "").split())
    return GameSpec(model, text, maker, title or model.kind, array_files.read, in_python=True)


def _json(value: Any, maker: str) -> str:
    """Return a value of a spec as JSON, which is YAML."""

    def refuse(strange: Any) -> None:
        raise InputError(f"{maker}: expected texts and numbers, got {describe(strange)}")

    return json.dumps(value, ensure_ascii=False, default=refuse)


def _start(start: Any, states: Labels, rewards: Any) -> Any:
    """Return the distribution over states that `start` names; what names none is left for the family to refuse."""
    shape = getattr(rewards, "shape", None)
    if shape is None:
        first = rewards[0] if isinstance(rewards, list | tuple) and rewards else ()
        shape = (0, *(getattr(first, "shape", None) or (len(first) if isinstance(first, list | tuple) else 1,)))
    count = shape[1] if len(shape) > 1 else 1
    if start is None:
        return [1] if count == 1 else [f"1/{count}"] * count
    labels = [str(label) for label in states] if isinstance(states, list | tuple) else list(numbered(STATE, count))
    if isinstance(start, str) and start in labels:
        start = labels.index(start)
    if type(start) is int and 0 <= start < count:
        return [int(k == start) for k in range(count)]
    if isinstance(start, str | int):
        raise InputError(
            f"eqsolve.markov: start: there is no state {describe(start)}",
            f"a state's number, from 0 to {count - 1}, its label, or a probability for each of the {count} states",
        )
    return start


def _total_load(players: Any, weights: Any) -> int:
    """Return the load if all use one resource; 0 where the arguments do not say."""
    if isinstance(weights, list | tuple) and all(type(w) is int for w in weights):
        return min(sum(weights), 1_000_000)
    if type(players) is int:
        return max(0, min(players, 1_000_000))
    return len(players) if isinstance(players, list | tuple) else 0


def _cost(cost: Any, loads: range) -> Any:
    """Return a resource's cost as a spec writes it."""
    if callable(cost):
        return {"table": [cost(load) for load in loads]}
    return cost if isinstance(cost, Mapping) else {"table": cost}
