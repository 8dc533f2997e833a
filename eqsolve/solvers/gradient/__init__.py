"""Policy gradients."""

from __future__ import annotations

from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.registry import GameClass, Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="inpg",
        target="eqsolve.solvers.gradient.inpg:INPG",
        forms=(FormName.NORMAL, FormName.MARKOV),
        summary="natural policy gradient (multiplicative weights)",
        reference="Fox et al. 2022, arXiv:2110.10614; Freund and Schapire 1999",
        answers=("last",),
        converges=(("last", GameClass.POTENTIAL_SMALL_STEPS),),
        aliases=("mwu",),
        keeps_zeros=True,
    ),
    Row(
        name="ipg",
        target="eqsolve.solvers.gradient.ipg:IPG",
        forms=(FormName.NORMAL, FormName.MARKOV),
        summary="policy gradient, projected onto the simplex",
        reference="Leonardos et al. 2022, arXiv:2106.01969; Zhang et al. 2021, arXiv:2106.00198",
        answers=("last",),
        converges=(("last", GameClass.POTENTIAL_SMALL_STEPS),),
        aliases=("projection",),
    ),
    Row(
        name="softmax-pg",
        target="eqsolve.solvers.gradient.softmax_gradient:SoftmaxGradient",
        forms=(FormName.NORMAL,),
        summary="softmax policy gradient of independent learners",
        reference="Williams 1992 (Machine Learning 8); Agarwal et al. 2021 (JMLR 22)",
        answers=("last",),
        converges=(),
        needs=(Structure.TENSOR,),
        keeps_zeros=True,
    ),
)
