"""Paths of quantal responses, and what several players need."""

from __future__ import annotations

from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.registry import Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="qre",
        target="eqsolve.solvers.homotopy.qre:QRE",
        forms=(FormName.NORMAL,),
        summary="path of logit quantal responses to an equilibrium",
        reference="McKelvey and Palfrey 1995 (Games and Economic Behavior 10); Turocy 2005",
        answers=("last",),
        converges=(),
        needs=(Structure.TENSOR,),
        aliases=("logit",),
        polish=True,
        quantal="a given lambda",
    ),
    Row(
        name="n-player",
        target="eqsolve.solvers.homotopy.n_player:NPlayer",
        forms=(FormName.NORMAL,),
        summary="one equilibrium, by several methods in turn",
        reference="Turocy 2005 (Games and Economic Behavior 51); Tammelin et al. 2015 (IJCAI); Nash 1951",
        answers=("candidate",),
        converges=(),
        needs=(Structure.TENSOR,),
    ),
)
