"""One equilibrium of a game of two players."""

from __future__ import annotations

from eqsolve.forms.traits import FormName, Structure
from eqsolve.solvers.registry import GameClass, Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="bimatrix",
        target="eqsolve.solvers.bimatrix.bimatrix:Bimatrix",
        forms=(FormName.NORMAL,),
        summary="one equilibrium, by three methods in turn",
        reference="Lemke and Howson 1964; Porter, Nudelman and Shoham 2008; Tsaknakis and Spirakis 2008",
        answers=("profile",),
        converges=(("profile", GameClass.TWO_PLAYER),),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
    ),
    Row(
        name="lemke-howson",
        target="eqsolve.solvers.bimatrix.lemke_howson:LemkeHowson",
        forms=(FormName.NORMAL,),
        summary="one equilibrium, by complementary pivoting",
        reference="Lemke and Howson 1964 (Journal of the SIAM 12); von Stengel 2002",
        answers=("equilibrium",),
        converges=(("equilibrium", GameClass.TWO_PLAYER),),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
        aliases=("lh",),
    ),
    Row(
        name="small-supports",
        target="eqsolve.solvers.bimatrix.small_supports:SmallSupports",
        forms=(FormName.NORMAL,),
        summary="one equilibrium of at most three actions each",
        reference="Porter, Nudelman and Shoham 2008 (Games and Economic Behavior 63); Graham 1972",
        answers=("equilibrium",),
        converges=(),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
    ),
    Row(
        name="tsaknakis-spirakis",
        target="eqsolve.solvers.bimatrix.tsaknakis_spirakis:TsaknakisSpirakis",
        forms=(FormName.NORMAL,),
        summary="regrets of at most 0.3394 of each payoff range",
        reference="Tsaknakis and Spirakis 2008 (Internet Mathematics 5)",
        answers=("last",),
        converges=(),
        needs=(Structure.TENSOR, Structure.TWO_PLAYER),
    ),
)
