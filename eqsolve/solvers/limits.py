"""How large a game an algorithm takes: what is counted, how many are the most, and what happens beyond."""

from __future__ import annotations

from enum import Enum, auto
from math import prod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from eqsolve.forms.base import Form


class Counted(Enum):
    """What of a game a limit counts; the value says in words that there are too many: {count}, more than {most}."""

    #: Actions of all players together.
    ACTIONS = "it has {count} actions in all, more than {most}"
    #: Ways to choose a support for every player, in games of three players or more.
    SUPPORTS = "it has about {count:.1e} profiles of supports, more than {most}"
    #: Pure profiles of a game in normal form.
    PROFILES = "it has {count} pure profiles, more than {most}"
    #: Leaves of an extensive game.
    LEAVES = "it has {count} leaves, more than {most}"

    def of(self, form: Form) -> int | None:
        """Return how many the game has; None where the limit does not apply to games of its kind."""
        from eqsolve.forms.mixed import Mixed, action_count

        match self:
            case Counted.ACTIONS:
                return action_count(form)
            case Counted.SUPPORTS:
                if not isinstance(form, Mixed) or len(form.players) <= 2:
                    return None
                return int(prod(2 ** len(labels) - 1 for labels in form.actions))
            case Counted.PROFILES:
                return None if form.tensor_bytes is None else form.tensor_bytes // (8 * len(form.players))
            case Counted.LEAVES:
                leaves = form.counts.get("leaves")
                return leaves if isinstance(leaves, int) else None


class Beyond(Enum):
    """What becomes of a game beyond a limit."""

    #: The algorithm does not accept it.
    REFUSED = auto()
    #: The algorithm runs where it is asked for by name; neither `info` nor `warmup` tries a step, which may take long.
    NOT_UNASKED = auto()


class Limit(NamedTuple):
    """Games in which there are more than `most` of what is `counted` are beyond the limit."""

    counted: Counted
    most: int
    beyond: Beyond = Beyond.REFUSED

    def excess(self, form: Form) -> str | None:
        """Return in words that the game has too many; None where it is within the limit."""
        count = self.counted.of(form)
        return None if count is None or count <= self.most else self.counted.value.format(count=count, most=self.most)
