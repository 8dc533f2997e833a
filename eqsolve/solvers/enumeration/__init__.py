"""All equilibria, or those of a kind, or a chosen one."""

from __future__ import annotations

from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.limits import Beyond, Counted, Limit
from eqsolve.solvers.registry import Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="pure",
        target="eqsolve.solvers.enumeration.pure:Pure",
        forms=(FormName.NORMAL,),
        summary="every equilibrium in pure actions",
        reference="definition of Nash equilibrium, Nash 1951",
        answers=("equilibrium",),
        converges=(),
        needs=(Structure.TENSOR,),
    ),
    Row(
        name="vertex-enumeration",
        target="eqsolve.solvers.enumeration.vertex_enumeration:VertexEnumeration",
        forms=(FormName.NORMAL,),
        summary="every extreme equilibrium, with its component",
        reference="Mangasarian 1964 (SIAM Journal 12); Avis, Rosenberg, Savani and von Stengel 2010",
        answers=("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support"),
        converges=(),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
        limits=(Limit(Counted.ACTIONS, 62),),
    ),
    Row(
        name="support-enumeration",
        target="eqsolve.solvers.enumeration.support_enumeration:SupportEnumeration",
        forms=(FormName.NORMAL,),
        summary="all equilibria of small games, by their supports",
        reference="Dickhaut and Kaplan 1991 (Mathematica Journal); Porter, Nudelman and Shoham 2008; Krawczyk 1969",
        answers=("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support"),
        converges=(),
        needs=(Structure.TENSOR,),
        limits=(
            Limit(Counted.ACTIONS, 62),
            Limit(Counted.SUPPORTS, 1_000_000),
        ),
    ),
    Row(
        name="nashpy-support",
        target="eqsolve.solvers.enumeration.nashpy_support:NashpySupport",
        forms=(FormName.NORMAL,),
        summary="support enumeration by the program Nashpy",
        reference="Knight and Campbell 2018 (Journal of Open Source Software 3)",
        answers=("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support"),
        converges=(),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
        limits=(Limit(Counted.ACTIONS, 10, Beyond.NOT_UNASKED),),
    ),
    Row(
        name="selection-mip",
        target="eqsolve.solvers.enumeration.selection_mip:SelectionMIP",
        forms=(FormName.NORMAL,),
        summary="the best equilibrium for an objective, by a MIP",
        reference="Sandholm, Gilpin and Conitzer 2005 (AAAI), formulation 1; HiGHS: Huangfu and Hall 2018",
        answers=("selected",),
        converges=(),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
        limits=(Limit(Counted.ACTIONS, 24, Beyond.NOT_UNASKED),),
    ),
)
