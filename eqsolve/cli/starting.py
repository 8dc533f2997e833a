"""The profile of `solve --start`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eqsolve.forms.base import Profile
    from eqsolve.spec.load import GameSpec


def starting_profile(source: str, spec: GameSpec, *, normalise: bool) -> tuple[Profile, tuple[str, ...]]:
    """Return the first profile in a file, checked against the game, and what the user should know about it."""
    from eqsolve.profiles.files import read_profiles

    file = read_profiles(source)
    file.require(spec)
    first, *others = file.entries
    given = file.profile(spec.form, first, normalise=normalise)
    several = (f"{file.origin} has {1 + len(others)} profiles: the run starts from {first.name}",) if others else ()
    return given.profile, (*file.notes, *several, *given.notes)
