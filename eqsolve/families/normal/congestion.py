"""Congestion games: players choose sets of resources and pay for each a cost that depends on its load.

Rosenthal 1973. Players minimise cost: payoff = −Σ costs of the resources used. A player's weight is the load that they
put on each resource they use; what they pay is not scaled by it. With weights of 1 the game has an exact potential.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator

from eqsolve.families.normal.costs import Cost
from eqsolve.spec.base import Family
from eqsolve.spec.faults import ENOUGH_FAULTS, Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.numbers import (
    LABELS_SCHEMA,
    PlayerLabels,
    array_schema,
    complaint,
    entries,
    every,
    integer,
    labels,
    pairs,
)
from eqsolve.spec.positions import Path

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np
    from numpy.typing import NDArray

    from eqsolve.forms.normal.congestion import CongestionGame

#: Sum of the weights: costs are tabulated load by load.
MAX_LOAD = 1_000_000
#: Entries of the cost tables in all, and of the tables of who can use what.
MAX_TABLE = 2**25

#: A set of resources in the order written; a player's strategies; those of all players.
Strategy: TypeAlias = tuple[str, ...]
StrategyList: TypeAlias = tuple[Strategy, ...]


def costs(value: Any) -> dict[str, Cost]:
    """The cost of every resource, in the order written."""
    items = pairs(value, "from resources to costs")
    return dict(zip((str(name) for name, _ in items), every(items, Cost.model_validate), strict=True))


def strategies(value: Any, info: ValidationInfo) -> tuple[StrategyList, ...]:
    """One list of strategies for all players, or one per player; a strategy is a list of resources."""
    outer = entries(value, "strategies, each a list of resources")
    players = info.data.get("players", ())
    first = outer[0]
    if not (isinstance(first, list) and first and isinstance(first[0], list)):
        return (_strategy_list(outer),) * max(len(players), 1)
    found = tuple(every(enumerate(outer), _strategy_list))
    if players and len(found) != len(players):
        raise Refusal(f"expected {len(players)} lists of strategies, one per player, got {len(found)}")
    return found


def _strategy_list(value: Any) -> StrategyList:
    found = tuple(every(enumerate(entries(value, "strategies, each a list of resources")), _strategy))
    first: dict[frozenset[str] | str, int] = {}
    for i, strategy in enumerate(found):
        for meaning in (frozenset(strategy), "+".join(strategy)):
            if first.setdefault(meaning, i) != i:
                refuse([Fault((i,), f"the strategy {describe('+'.join(strategy))} is there twice")])
    return found


def _strategy(value: Any) -> Strategy:
    if not isinstance(value, list):
        raise Refusal(f"expected a list of resources, got {describe(value)}", "a strategy of one resource is [it]")
    return labels(value)


def weights(value: Any, info: ValidationInfo) -> tuple[int, ...]:
    """Positive integers, one per player."""
    found = tuple(every(enumerate(entries(value, "integers, one per player")), _weight))
    players = info.data.get("players", ())
    if players and len(found) != len(players):
        raise Refusal(f"expected {len(players)} weights, one per player, got {len(found)}")
    if sum(found) > MAX_LOAD:
        raise Refusal(f"the weights sum to {sum(found)}, at most {MAX_LOAD} are accepted")
    return found


def _weight(value: Any) -> int:
    if integer(value) < 1:
        raise Refusal(f"expected a weight of at least 1, got {describe(value)}")
    return integer(value)


WeightList: TypeAlias = Annotated[
    tuple[int, ...], PlainValidator(weights), WithJsonSchema(array_schema({"type": "integer", "minimum": 1}))
]
_STRATEGIES_SCHEMA = array_schema(LABELS_SCHEMA)
Strategies: TypeAlias = Annotated[
    tuple[StrategyList, ...],
    PlainValidator(strategies),
    WithJsonSchema({"anyOf": [_STRATEGIES_SCHEMA, array_schema(_STRATEGIES_SCHEMA)]}),
]


class Congestion(Family):
    """Players choose sets of resources whose costs depend on their load."""

    kind: Literal["congestion"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    weights: WeightList | None = Field(None, description="Load that each player puts on a resource; 1 if left out.")
    strategies: Strategies = Field(
        description="Sets of resources to choose from: one list of strategies for all players, or one per player."
    )
    resources: Annotated[dict[str, Cost], BeforeValidator(costs)] = Field(
        min_length=1, description="Cost of each resource by its load."
    )

    template: ClassVar[str] = """\
kind: congestion                    # players minimise cost: payoff = −cost
players: 3                          # a number, or a list of labels
resources:                          # cost of each by its total load l, paid by each of its users
  up: {affine: {slope: 1, constant: 0}}              # slope·l + constant
  down: {table: [1, 2, 5]}                           # at load 1, 2, 3
  bridge: {bpr: {free_flow: 10, capacity: 4}}        # free_flow·(1 + 0.15·(l/capacity)^4)
  toll: {polynomial: {constant: 1, quadratic: 2}}    # 1 + 2·l²; linear, cubic, quartic too
strategies: [[up], [down], [bridge, toll]]  # sets of resources; for all players, or one such list per player
# weights: [1, 2, 1]                # the load that each player puts on what they use; their cost is not scaled by it
"""

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        resources = data.get("resources")
        if not isinstance(resources, dict):
            return
        strange = (
            Fault(("strategies", *path), f"no such resource: {describe(item)}", nearest(str(item), resources))
            for path, item in _leaves(data.get("strategies"))
            if isinstance(item, str | int) and str(item) not in resources
        )
        yield from islice(strange, ENOUGH_FAULTS)

    @field_validator("resources")
    @classmethod
    def _resources_fit(cls, resources: dict[str, Cost], info: ValidationInfo) -> dict[str, Cost]:
        lists, players = info.data.get("strategies"), info.data.get("players")
        if not lists or not players or "weights" not in info.data:
            return resources
        loads = info.data["weights"] or (1,) * len(players)
        if len(resources) * sum(loads) > MAX_TABLE or len(resources) * sum(map(len, lists)) > MAX_TABLE:
            raise Refusal(f"{len(resources)} resources for {len(players)} players are more than fit")
        faults = []
        for name, cost in resources.items():
            largest = sum(w for w, options in zip(loads, lists, strict=False) if any(name in s for s in options))
            if cost.table is not None and len(cost.table) < largest:
                faults.append(
                    Fault((name, "table"), f"expected costs up to load {largest}, got {len(cost.table)} numbers")
                )
            elif message := _dearest(cost, largest):
                faults.append(Fault((name,), f"at load {largest}, {message}"))
        if faults:
            refuse(faults[:ENOUGH_FAULTS])
        return resources

    def canonical(self) -> dict[str, Any]:
        return {**super().canonical(), "weights": self._weights()}

    def _weights(self) -> tuple[int, ...]:
        return self.weights or (1,) * len(self.players)

    def build(self) -> CongestionGame:
        """The game with its costs tabulated by load."""
        import numpy as np

        from eqsolve.forms.normal.congestion import CongestionGame

        names, functions = tuple(self.resources), tuple(self.resources.values())
        loads = np.arange(1.0, sum(self._weights()) + 1)
        costs = np.zeros((len(names), len(loads) + 1))
        for r, cost in enumerate(functions):
            costs[r, 1:] = cost.at(loads)
        column = {name: r for r, name in enumerate(names)}
        return CongestionGame(
            players=self.players,
            actions=tuple(tuple("+".join(strategy) for strategy in options) for options in self.strategies),
            weights=np.array(self._weights(), dtype=np.int64),
            costs=costs,
            uses=tuple(_uses(options, column) for options in self.strategies),
            resources=names,
            written=partial(_written, functions),
        )


def _written(functions: tuple[Cost, ...], r: int, load: int) -> Fraction:
    """The cost of resource number r at a load, exactly."""
    return functions[r].exactly(load)


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What nested lists hold, with its place."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))
    else:
        yield path, value


def _dearest(cost: Cost, largest: int) -> str | None:
    """Why one cannot compute with the costs up to load `largest`, if so."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        costs = np.abs(cost.at(np.arange(1.0, largest + 1)))
    return complaint(float(costs.max())) if largest else None


def _uses(options: StrategyList, column: Mapping[str, int]) -> NDArray[np.bool_]:
    """[strategies, resources]: who is used by what."""
    import numpy as np

    uses = np.zeros((len(options), len(column)), dtype=np.bool_)
    for a, strategy in enumerate(options):
        uses[a, [column[name] for name in strategy]] = True
    return uses
