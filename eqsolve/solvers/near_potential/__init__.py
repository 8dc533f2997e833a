"""A potential that is nearly one, learned and maximised."""

from __future__ import annotations

from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.registry import Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="neppo",
        target="eqsolve.solvers.near_potential.neppo:NePPO",
        forms=(FormName.NORMAL,),
        summary="learns a near-potential and maximises it",
        reference="NePPO 2026, arXiv:2603.06977",
        answers=("least", "last"),
        converges=(),
        needs=(Structure.TENSOR,),
        polish=True,
    ),
)
