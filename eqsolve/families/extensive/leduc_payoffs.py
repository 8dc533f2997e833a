"""What Leduc poker pays in the end, and what makes it general-sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pydantic import Field

from eqsolve.families.variates import Seed, draw, generator
from eqsolve.spec.faults import Fault
from eqsolve.spec.numbers import Number
from eqsolve.spec.record import Record

if TYPE_CHECKING:
    from eqsolve.forms.base import Array


class GeneralSum(Record):
    """One of the four."""

    pot: Number | None = Field(None, description="Everyone also receives so much of the amount that changed hands.")
    rake: Number | None = Field(None, ge=0, le=1, description="The share of the winner's net gain that they lose.")
    risk: Number | None = Field(None, ge=0, description="What losses are multiplied by.")
    noise: Number | None = Field(
        None, ge=0, description="Standard deviation of what is added for every player and leaf of merged suits."
    )
    seed: Seed | None = Field(None, description="Seed of the noise.")

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        """One of them, and a seed with noise only."""
        named = [key for key in ("pot", "rake", "risk", "noise") if key in data]
        if len(named) != 1:
            found = ", ".join(named) or "none"
            yield Fault((), f"expected one of pot, rake, risk and noise, got {found}")
        elif ("noise" in data) != ("seed" in data):
            yield Fault((), "`seed` goes with `noise`, and `noise` needs it", "e.g. {noise: 2.0, seed: 0}")


def net_gains(paid: tuple[float, ...], active: tuple[bool, ...], strength: Array) -> Array:
    """[N, deals]: the pot goes in equal parts to those of greatest `strength` [N, deals] among the `active`."""
    import numpy as np

    standing = np.where(np.array(active)[:, None], strength, -1)
    wins = standing == standing.max(axis=0)
    return np.asarray(wins * (sum(paid) / wins.sum(axis=0)) - np.array(paid)[:, None])


def varied(gains: Array, variant: GeneralSum) -> Array:
    """The gains [N, deals] of the variant, without its noise."""
    import numpy as np

    if variant.pot is not None:
        return np.asarray(gains + variant.pot * np.maximum(gains, 0).sum(axis=0))
    if variant.rake is not None:
        return np.where(gains > 0, gains * (1 - variant.rake), gains)
    if variant.risk is not None:
        return np.where(gains < 0, gains * variant.risk, gains)
    return gains


def noise(seed: int, history: str, shape: tuple[int, ...]) -> Array:
    """Standard normal, a stream of its own for each history: it does not matter which others there are."""
    digest = int.from_bytes(sha256(history.encode()).digest()[:8], "little")
    return draw(generator(seed + (digest << 64)), "normal", shape)
