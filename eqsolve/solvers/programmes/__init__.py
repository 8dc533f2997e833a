"""Linear programmes: zero-sum games and correlated equilibria."""

from __future__ import annotations

from eqsolve.forms.concept import Concept
from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.limits import Beyond, Counted, Limit
from eqsolve.solvers.registry import GameClass, Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="zero-sum-lp",
        target="eqsolve.solvers.programmes.zero_sum_lp:ZeroSumLP",
        forms=(FormName.NORMAL,),
        summary="maximin policies, by a linear programme (HiGHS)",
        reference="von Neumann 1928; Dantzig 1951; HiGHS: Huangfu and Hall 2018",
        answers=("maximin",),
        converges=(("maximin", GameClass.ZERO_SUM),),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER, Structure.ZERO_SUM),
    ),
    Row(
        name="zero-sum-simplex",
        target="eqsolve.solvers.programmes.zero_sum_simplex:ZeroSumSimplex",
        forms=(FormName.NORMAL,),
        summary="maximin policies, by the primal simplex method",
        reference="Dantzig 1951; Harris 1973 (Mathematical Programming 5); Dantzig, Orden and Wolfe 1955",
        answers=("maximin",),
        converges=(("maximin", GameClass.ZERO_SUM),),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER, Structure.ZERO_SUM),
    ),
    Row(
        name="ce",
        target="eqsolve.solvers.programmes.ce:CE",
        forms=(FormName.NORMAL,),
        summary="the best correlated equilibrium for an objective",
        reference="Aumann 1974, 1987; Gilboa and Zemel 1989 (Games and Economic Behavior 1)",
        answers=("joint",),
        converges=(("joint", GameClass.ANY),),
        needs=(Structure.TENSOR,),
        concept=Concept.CE,
    ),
    Row(
        name="cce",
        target="eqsolve.solvers.programmes.cce:CCE",
        forms=(FormName.NORMAL,),
        summary="the best coarse correlated one for an objective",
        reference="Moulin and Vial 1978 (International Journal of Game Theory 7); Hannan 1957",
        answers=("joint",),
        converges=(("joint", GameClass.ANY),),
        needs=(Structure.TENSOR,),
        concept=Concept.CCE,
    ),
    Row(
        name="sequence-lp",
        target="eqsolve.solvers.programmes.sequence_lp:SequenceLP",
        forms=(FormName.SEQUENCE,),
        summary="maximin plans, by a sparse linear programme",
        reference="Koller, Megiddo and von Stengel 1994 (STOC); von Stengel 1996 (Games and Economic Behavior 14)",
        answers=("maximin",),
        converges=(("maximin", GameClass.ZERO_SUM),),
        needs=(Structure.TWO_PLAYER, Structure.ZERO_SUM),
        limits=(
            Limit(Counted.LEAVES, 1_000_000),  # HiGHS then needs minutes and some GB, and cannot be interrupted
            Limit(Counted.LEAVES, 50_000, Beyond.NOT_UNASKED),  # more take longer than a second
        ),
    ),
)
