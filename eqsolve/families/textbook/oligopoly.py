"""What games of firms on a grid share: its labels, and that its points differ."""

from __future__ import annotations

from eqsolve.spec.faults import Refusal


def distinct(points: tuple[float, ...]) -> None:
    """Refuses a grid that names a point twice."""
    if len(set(points)) < len(points):
        twice = next(point for k, point in enumerate(points) if point in points[:k])
        raise Refusal(f"{twice:g} is there twice")


def grid_labels(points: tuple[float, ...]) -> tuple[str, ...]:
    """The points as labels: integers without a dot."""
    return tuple(str(int(x)) if x.is_integer() and abs(x) < 10**15 else repr(x) for x in points)
