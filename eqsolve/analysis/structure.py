"""What kind of game this is, from its arrays: the facts by which `auto` and the registry choose."""

from __future__ import annotations

from eqsolve.analysis.studies import study_of
from eqsolve.forms.base import Form
from eqsolve.forms.traits import Structure


def structure(form: Form) -> frozenset[Structure]:
    """Return the structure that the game's arrays show."""
    found = set(study_of(form).words(form))
    if len(form.players) == 2:
        found.add(Structure.TWO_PLAYER)
    if form.has_potential:
        found.add(Structure.POTENTIAL)
    return frozenset(found)


def nearly(form: Form) -> frozenset[Structure]:
    """Which of 'zero-sum' and 'potential' the game is within their tolerance, but by more than rounding is not."""
    return study_of(form).nearly(form)
