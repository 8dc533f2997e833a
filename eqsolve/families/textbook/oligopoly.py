"""What games of firms on a grid share: the points of the grid, and their labels."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ValidationInfo

from eqsolve.families.variates import fits
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import Vector


def distinct(points: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
    """Return the points of a grid; refuse tables that do not fit, and a point that is named twice."""
    players = info.data.get("players", ())
    fits(len(players), *[len(points)] * len(players))
    if len(set(points)) < len(points):
        twice = next(point for k, point in enumerate(points) if point in points[:k])
        raise Refusal(f"{twice:g} is there twice")
    return points


def grid_labels(points: tuple[float, ...]) -> tuple[str, ...]:
    """Return the points as labels: integers without a dot."""
    return tuple(str(int(x)) if x.is_integer() and abs(x) < 10**15 else repr(x) for x in points)


#: What every player chooses from.
Grid: TypeAlias = Annotated[Vector, AfterValidator(distinct)]
