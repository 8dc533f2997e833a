"""Random numbers of generated games: the same for a seed on every machine and with every version of numpy.

Only the uniform variates of Philox (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") are used,
multiples of 2^-53 that follow from a counter and the seed; what is made of them is written out here. It uses no
arithmetic but IEEE's, except for normal variates, whose logarithm and cosine may differ in their last digits between
machines: these are rounded to multiples of 2^-32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema

from eqsolve.spec.faults import Refusal
from eqsolve.spec.files import MAX_ENTRIES
from eqsolve.spec.numbers import ACTION, COUNT_OR_LABELS_SCHEMA, Integer, array_schema, count_or_labels
from eqsolve.spec.shapes import actions

if TYPE_CHECKING:
    from numpy.random import Generator

    from eqsolve.forms.base import Array

#: What payoffs are drawn from.
DistributionName: TypeAlias = Literal["uniform", "normal", "integers"]
DISTRIBUTIONS = "uniform on [0, 1), normal (mean 0, variance 1), or integers from −9 to 9, all alike"
Seed: TypeAlias = Annotated[Integer, Field(ge=0)]


def generator(seed: int, number: int = 0) -> Generator:
    """Return a stream of `seed`, one of 2^64; only its `.random` may be used."""
    import numpy as np

    return np.random.Generator(np.random.Philox(key=seed, counter=number << 192))


def draw(stream: Generator, distribution: DistributionName, shape: tuple[int, ...]) -> Array:
    """Independent payoffs: one uniform variate each, two for a normal one (Box and Muller 1958)."""
    import numpy as np

    first = stream.random(shape)
    if distribution == "uniform":
        return first
    if distribution == "integers":
        return np.asarray(np.floor(19 * first) - 9)
    normal = np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * stream.random(shape))
    return np.asarray(np.rint(normal * 2**32) / 2**32 + 0.0)


def simplex(stream: Generator, shape: tuple[int, ...]) -> Array:
    """Distributions along the last axis, uniform on the simplex: the gaps between sorted uniform variates."""
    import numpy as np

    cuts = np.sort(stream.random((*shape[:-1], shape[-1] - 1)), axis=-1)
    ends = np.zeros((*shape[:-1], 1))
    return np.asarray(np.diff(np.concatenate([ends, cuts, ends + 1], axis=-1), axis=-1))


def fits(*shape: int) -> None:
    """Refuses tables of more numbers than fit."""
    from math import prod

    if prod(shape) > MAX_ENTRIES:
        raise Refusal(f"the tables of this game have {prod(shape)} numbers, more than the {MAX_ENTRIES} that fit")


def alike_or_own(value: Any, info: ValidationInfo) -> tuple[tuple[str, ...], ...]:
    """A number of actions that all players have, or for each their labels or their number."""
    if isinstance(value, list):
        return actions(value, info)
    return (count_or_labels(ACTION, value),) * len(info.data.get("players") or ())


def _within_memory(found: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    from math import prod

    if len(found) * prod(map(len, found)) > MAX_ENTRIES:
        raise Refusal(f"a table over these joint actions has more than the {MAX_ENTRIES} numbers that fit")
    return found


ActionsOrNumber: TypeAlias = Annotated[
    tuple[tuple[str, ...], ...],
    PlainValidator(alike_or_own),
    AfterValidator(_within_memory),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, array_schema(COUNT_OR_LABELS_SCHEMA)]}),
]
