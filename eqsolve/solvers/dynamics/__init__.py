"""Learning dynamics: regret matching, multiplicative weights, fictitious plays, best responses."""

from __future__ import annotations

from eqsolve.forms.concept import Concept
from eqsolve.forms.traits import FormName
from eqsolve.solvers.registry import GameClass, Row

#: The algorithms of this room, in the order of lists.
ROWS: tuple[Row, ...] = (
    Row(
        name="regret-matching+",
        target="eqsolve.solvers.dynamics.regret_matching_plus:RegretMatchingPlus",
        forms=(FormName.NORMAL,),
        summary="regret matching with regrets never below zero",
        reference="Tammelin et al. 2015 (IJCAI), arXiv:1407.5042; Hart and Mas-Colell 2000",
        answers=("average", "last"),
        converges=(("average", GameClass.ZERO_SUM),),
        aliases=("rm+",),
        polish=True,
    ),
    Row(
        name="regret-matching",
        target="eqsolve.solvers.dynamics.regret_matching:RegretMatching",
        forms=(FormName.NORMAL,),
        summary="play in proportion to positive regrets",
        reference="Hart and Mas-Colell 2000 (Econometrica 68)",
        answers=("average", "last"),
        converges=(("average", GameClass.ZERO_SUM),),
        aliases=("rm",),
        polish=True,
    ),
    Row(
        name="omwu",
        target="eqsolve.solvers.dynamics.omwu:OMWU",
        forms=(FormName.NORMAL,),
        summary="optimistic multiplicative weights",
        reference="Daskalakis and Panageas 2019 (ITCS), arXiv:1807.04252; Rakhlin and Sridharan 2013",
        answers=("last", "average"),
        converges=(("average", GameClass.ZERO_SUM),),
        keeps_zeros=True,
    ),
    Row(
        name="replicator",
        target="eqsolve.solvers.dynamics.replicator:Replicator",
        forms=(FormName.NORMAL,),
        summary="replicator dynamic, by Runge-Kutta steps",
        reference="Taylor and Jonker 1978 (Mathematical Biosciences 40)",
        answers=("last", "average"),
        converges=(("last", GameClass.POTENTIAL_SMALL_STEPS), ("average", GameClass.ZERO_SUM)),
        keeps_zeros=True,
    ),
    Row(
        name="stochastic-fictitious-play",
        target="eqsolve.solvers.dynamics.stochastic_fictitious_play:StochasticFictitiousPlay",
        forms=(FormName.NORMAL,),
        summary="logit responses to average play",
        reference="Fudenberg and Kreps 1993 (Games and Economic Behavior 5); Hofbauer and Sandholm 2002",
        answers=("average", "last"),
        converges=(),
        aliases=("sfp",),
        concept=Concept.QUANTAL,
        quantal="any temperature",
    ),
    Row(
        name="best-response",
        target="eqsolve.solvers.dynamics.best_response:BestResponse",
        forms=(FormName.NORMAL, FormName.MARKOV),
        summary="better and best replies, one player at a time",
        reference="Rosenthal 1973 (International Journal of Game Theory 2); Monderer and Shapley 1996; Howard 1960",
        answers=("last",),
        converges=(("last", GameClass.POTENTIAL),),
        aliases=("br",),
    ),
    Row(
        name="fictitious-play",
        target="eqsolve.solvers.dynamics.fictitious_play:FictitiousPlay",
        forms=(FormName.NORMAL, FormName.SEQUENCE),
        summary="best responses to average play",
        reference="Heinrich, Lanctot and Silver 2015 (ICML); Brown 1951",
        answers=("average", "last"),
        converges=(("average", GameClass.ZERO_SUM),),
        aliases=("xfp",),
    ),
)
