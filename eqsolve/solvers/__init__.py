"""The registry: every algorithm, what it accepts, what of it converges where, and its source.

`info`, `auto`, the refusal message, the docs and the law tests read the same rows. Targets are strings: nothing
here imports a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from eqsolve.errors import UsageError
from eqsolve.forms.concept import Concept


@dataclass(frozen=True)
class Row:
    """One algorithm. `needs` are structures the game must have: 'two-player', 'zero-sum', 'tensor'. `most_leaves`:
    of an extensive game that it takes. `summary`: at most 50 characters, or lists on a terminal cut it off.

    `concept`: of which equilibria it looks for one; its answers are judged by that gap. `converges` lists pairs
    (answer, class of games): where that answer's gap provably tends to 0, for steps that are small enough where the
    method has a step size.
    `polish` lets `run.solve` try a support polish of the answer at measuring points. `keeps_zeros`: a probability that
    starts at 0 stays 0. `most_actions`: games with more, of all players together, are not accepted; `most_supports`:
    nor are games of more than two players with more profiles of supports. `long_step`: with more actions a step takes
    so long that nobody should time it unasked. `quantal`: with which hyperparameters it looks for logit quantal
    responses, in words, and is judged by the distance to those; empty where it never does.
    """

    name: str
    target: str
    forms: tuple[str, ...]
    summary: str
    reference: str
    answers: tuple[str, ...]
    converges: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    polish: bool = False
    keeps_zeros: bool = False
    concept: Concept = Concept.NASH
    most_leaves: int | None = None
    most_actions: int | None = None
    most_supports: int | None = None
    long_step: int | None = None
    quantal: str = ""
    #: Of an algorithm that is in no table of ours: its class, and the package that brings it.
    solver: type[Any] | None = None
    package: str | None = None

    def load(self) -> type[Any]:
        """The solver's class; imports its module."""
        if self.solver is not None:
            return self.solver
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]  # the table's own promise


SOLVERS: Mapping[str, Row] = {
    row.name: row
    for row in (
        Row(
            name="inpg",
            target="eqsolve.solvers.inpg:INPG",
            forms=("normal", "markov"),
            summary="natural policy gradient = multiplicative weights",
            reference="Fox et al. 2022, arXiv:2110.10614; Freund and Schapire 1999",
            answers=("last",),
            converges=(("last", "potential (small steps)"),),
            aliases=("mwu",),
            keeps_zeros=True,
        ),
        Row(
            name="ipg",
            target="eqsolve.solvers.ipg:IPG",
            forms=("normal", "markov"),
            summary="policy gradient, projected onto the simplex",
            reference="Leonardos et al. 2022, arXiv:2106.01969; Zhang et al. 2021, arXiv:2106.00198",
            answers=("last",),
            converges=(("last", "potential (small steps)"),),
            aliases=("projection",),
        ),
        Row(
            name="softmax-pg",
            target="eqsolve.solvers.softmax_gradient:SoftmaxGradient",
            forms=("normal",),
            summary="softmax policy gradient, the learners' baseline",
            reference="Williams 1992 (Machine Learning 8); Agarwal et al. 2021 (JMLR 22)",
            answers=("last",),
            converges=(),
            needs=("tensor",),
            keeps_zeros=True,
        ),
        Row(
            name="regret-matching+",
            target="eqsolve.solvers.regret_matching_plus:RegretMatchingPlus",
            forms=("normal",),
            summary="regret matching with regrets never below zero",
            reference="Tammelin et al. 2015 (IJCAI), arXiv:1407.5042; Hart and Mas-Colell 2000",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
            aliases=("rm+",),
            polish=True,
        ),
        Row(
            name="neppo",
            target="eqsolve.solvers.neppo:NePPO",
            forms=("normal",),
            summary="learns a near-potential and maximises it",
            reference="NePPO 2026, arXiv:2603.06977",
            answers=("least", "last"),
            converges=(),
            needs=("tensor",),
            polish=True,
        ),
        Row(
            name="pure",
            target="eqsolve.solvers.pure:Pure",
            forms=("normal",),
            summary="every equilibrium in pure actions",
            reference="definition of Nash equilibrium, Nash 1951",
            answers=("equilibrium",),
            converges=(),
            needs=("tensor",),
        ),
        Row(
            name="vertex-enumeration",
            target="eqsolve.solvers.vertex_enumeration:VertexEnumeration",
            forms=("normal",),
            summary="every extreme equilibrium, with its component",
            reference="Mangasarian 1964 (SIAM Journal 12); Avis, Rosenberg, Savani and von Stengel 2010",
            answers=("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support"),
            converges=(),
            needs=("tensor", "two-player"),
            most_actions=62,
        ),
        Row(
            name="support-enumeration",
            target="eqsolve.solvers.support_enumeration:SupportEnumeration",
            forms=("normal",),
            summary="all equilibria of small games, by their supports",
            reference="Dickhaut and Kaplan 1991 (Mathematica Journal); Porter, Nudelman and Shoham 2008; Krawczyk 1969",
            answers=("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support"),
            converges=(),
            needs=("tensor",),
            most_actions=62,
            most_supports=1_000_000,
        ),
        Row(
            name="nashpy-support",
            target="eqsolve.solvers.nashpy_support:NashpySupport",
            forms=("normal",),
            summary="support enumeration by the program Nashpy",
            reference="Knight and Campbell 2018 (Journal of Open Source Software 3)",
            answers=("equilibrium", "max-welfare", "max-min", "max-entropy", "smallest-support"),
            converges=(),
            needs=("tensor", "two-player"),
            long_step=10,
        ),
        Row(
            name="selection-mip",
            target="eqsolve.solvers.selection_mip:SelectionMIP",
            forms=("normal",),
            summary="the best equilibrium, by an integer programme",
            reference="Sandholm, Gilpin and Conitzer 2005 (AAAI), formulation 1; HiGHS: Huangfu and Hall 2018",
            answers=("selected",),
            converges=(),
            needs=("tensor", "two-player"),
            long_step=24,
        ),
        Row(
            name="regret-matching",
            target="eqsolve.solvers.regret_matching:RegretMatching",
            forms=("normal",),
            summary="play in proportion to positive regrets",
            reference="Hart and Mas-Colell 2000 (Econometrica 68)",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
            aliases=("rm",),
            polish=True,
        ),
        Row(
            name="omwu",
            target="eqsolve.solvers.omwu:OMWU",
            forms=("normal",),
            summary="multiplicative weights that expect the last payoff",
            reference="Daskalakis and Panageas 2019 (ITCS), arXiv:1807.04252; Rakhlin and Sridharan 2013",
            answers=("last", "average"),
            converges=(("average", "two-player zero-sum"),),
            keeps_zeros=True,
        ),
        Row(
            name="replicator",
            target="eqsolve.solvers.replicator:Replicator",
            forms=("normal",),
            summary="replicator dynamic, by Runge-Kutta steps",
            reference="Taylor and Jonker 1978 (Mathematical Biosciences 40)",
            answers=("last", "average"),
            converges=(("last", "potential (small steps)"), ("average", "two-player zero-sum")),
            keeps_zeros=True,
        ),
        Row(
            name="stochastic-fictitious-play",
            target="eqsolve.solvers.stochastic_fictitious_play:StochasticFictitiousPlay",
            forms=("normal",),
            summary="logit responses to average play",
            reference="Fudenberg and Kreps 1993 (Games and Economic Behavior 5); Hofbauer and Sandholm 2002",
            answers=("average", "last"),
            converges=(),
            aliases=("sfp",),
            concept=Concept.QUANTAL,
            quantal="any temperature",
        ),
        Row(
            name="qre",
            target="eqsolve.solvers.qre:QRE",
            forms=("normal",),
            summary="path of logit quantal responses to an equilibrium",
            reference="McKelvey and Palfrey 1995 (Games and Economic Behavior 10); Turocy 2005",
            answers=("last",),
            converges=(),
            needs=("tensor",),
            aliases=("logit",),
            polish=True,
            quantal="a given lambda",
        ),
        Row(
            name="n-player",
            target="eqsolve.solvers.n_player:NPlayer",
            forms=("normal",),
            summary="one equilibrium, by several methods in turn",
            reference="Turocy 2005 (Games and Economic Behavior 51); Tammelin et al. 2015 (IJCAI); Nash 1951",
            answers=("candidate",),
            converges=(),
            needs=("tensor",),
        ),
        Row(
            name="best-response",
            target="eqsolve.solvers.best_response:BestResponse",
            forms=("normal", "markov"),
            summary="better and best replies, one player at a time",
            reference="Rosenthal 1973 (International Journal of Game Theory 2); Monderer and Shapley 1996; Howard 1960",
            answers=("last",),
            converges=(("last", "potential"),),
            aliases=("br",),
        ),
        Row(
            name="zero-sum-lp",
            target="eqsolve.solvers.zero_sum_lp:ZeroSumLP",
            forms=("normal",),
            summary="maximin policies, by a linear programme (HiGHS)",
            reference="von Neumann 1928; Dantzig 1951; HiGHS: Huangfu and Hall 2018",
            answers=("maximin",),
            converges=(("maximin", "two-player zero-sum"),),
            needs=("tensor", "two-player", "zero-sum"),
        ),
        Row(
            name="zero-sum-simplex",
            target="eqsolve.solvers.zero_sum_simplex:ZeroSumSimplex",
            forms=("normal",),
            summary="maximin policies, by the primal simplex method",
            reference="Dantzig 1951; Harris 1973 (Mathematical Programming 5); Dantzig, Orden and Wolfe 1955",
            answers=("maximin",),
            converges=(("maximin", "two-player zero-sum"),),
            needs=("tensor", "two-player", "zero-sum"),
        ),
        Row(
            name="bimatrix",
            target="eqsolve.solvers.bimatrix:Bimatrix",
            forms=("normal",),
            summary="one equilibrium, by three methods in turns",
            reference="Lemke and Howson 1964; Porter, Nudelman and Shoham 2008; Tsaknakis and Spirakis 2008",
            answers=("profile",),
            converges=(("profile", "two-player"),),
            needs=("tensor", "two-player"),
        ),
        Row(
            name="lemke-howson",
            target="eqsolve.solvers.lemke_howson:LemkeHowson",
            forms=("normal",),
            summary="one equilibrium, by complementary pivoting",
            reference="Lemke and Howson 1964 (Journal of the SIAM 12); von Stengel 2002",
            answers=("equilibrium",),
            converges=(("equilibrium", "two-player"),),
            needs=("tensor", "two-player"),
            aliases=("lh",),
        ),
        Row(
            name="small-supports",
            target="eqsolve.solvers.small_supports:SmallSupports",
            forms=("normal",),
            summary="one equilibrium of at most three actions each",
            reference="Porter, Nudelman and Shoham 2008 (Games and Economic Behavior 63); Graham 1972",
            answers=("equilibrium",),
            converges=(),
            needs=("tensor", "two-player"),
        ),
        Row(
            name="tsaknakis-spirakis",
            target="eqsolve.solvers.tsaknakis_spirakis:TsaknakisSpirakis",
            forms=("normal",),
            summary="regrets of at most 0.3394 of each payoff range",
            reference="Tsaknakis and Spirakis 2008 (Internet Mathematics 5)",
            answers=("last",),
            converges=(),
            needs=("tensor", "two-player"),
        ),
        Row(
            name="ce",
            target="eqsolve.solvers.ce:CE",
            forms=("normal",),
            summary="the best correlated equilibrium, by an LP (HiGHS)",
            reference="Aumann 1974, 1987; Gilboa and Zemel 1989 (Games and Economic Behavior 1)",
            answers=("joint",),
            converges=(("joint", "any"),),
            needs=("tensor",),
            concept=Concept.CE,
        ),
        Row(
            name="cce",
            target="eqsolve.solvers.cce:CCE",
            forms=("normal",),
            summary="the best coarse correlated equilibrium, by an LP",
            reference="Moulin and Vial 1978 (International Journal of Game Theory 7); Hannan 1957",
            answers=("joint",),
            converges=(("joint", "any"),),
            needs=("tensor",),
            concept=Concept.CCE,
        ),
        Row(
            name="sequence-lp",
            target="eqsolve.solvers.sequence_lp:SequenceLP",
            forms=("sequence",),
            summary="maximin plans, by a sparse linear programme",
            reference="Koller, Megiddo and von Stengel 1994 (STOC); von Stengel 1996 (Games and Economic Behavior 14)",
            answers=("maximin",),
            converges=(("maximin", "two-player zero-sum"),),
            needs=("two-player", "zero-sum"),
            most_leaves=1_000_000,  # HiGHS then needs minutes and some GB, and cannot be interrupted
        ),
        Row(
            name="cfr",
            target="eqsolve.solvers.cfr:CFR",
            forms=("sequence",),
            summary="counterfactual regret minimisation, as published",
            reference="Zinkevich et al. 2007 (NeurIPS)",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="cfr+",
            target="eqsolve.solvers.cfr_plus:CFRPlus",
            forms=("sequence",),
            summary="CFR with regrets never below zero",
            reference="Tammelin 2014, arXiv:1407.5042; Bowling et al. 2015 (Science)",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="lcfr",
            target="eqsolve.solvers.lcfr:LCFR",
            forms=("sequence",),
            summary="CFR in which iteration t counts t times",
            reference="Brown and Sandholm 2019 (AAAI), arXiv:1809.04040",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="dcfr",
            target="eqsolve.solvers.dcfr:DCFR",
            forms=("sequence",),
            summary="CFR in which early regrets fade",
            reference="Brown and Sandholm 2019 (AAAI), arXiv:1809.04040",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="pcfr",
            target="eqsolve.solvers.pcfr:PCFR",
            forms=("sequence",),
            summary="CFR that expects the last regrets once more",
            reference="Farina, Kroer and Sandholm 2021 (AAAI), arXiv:2007.14358",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="pcfr+",
            target="eqsolve.solvers.pcfr_plus:PCFRPlus",
            forms=("sequence",),
            summary="CFR+ that expects the last regrets once more",
            reference="Farina, Kroer and Sandholm 2021 (AAAI), arXiv:2007.14358",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="dcfr+",
            target="eqsolve.solvers.dcfr_plus:DCFRPlus",
            forms=("sequence",),
            summary="discounted CFR with regrets never below zero",
            reference="Xu et al. 2024 (IJCAI), arXiv:2404.13891",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="pdcfr+",
            target="eqsolve.solvers.pdcfr_plus:PDCFRPlus",
            forms=("sequence",),
            summary="discounted CFR+ that expects the last regrets",
            reference="Xu et al. 2024 (IJCAI), arXiv:2404.13891",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="sapcfr+",
            target="eqsolve.solvers.sapcfr_plus:SAPCFRPlus",
            forms=("sequence",),
            summary="PCFR+ that trusts a third of its prediction",
            reference="Meng et al. 2025, arXiv:2503.12770",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="hs-dcfr",
            target="eqsolve.solvers.hs_dcfr:HSDCFR",
            forms=("sequence",),
            summary="discounted CFR, scheduled over planned iterations",
            reference="Zhang, McAleer and Sandholm 2024, arXiv:2404.09097",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="hs-pcfr+",
            target="eqsolve.solvers.hs_pcfr_plus:HSPCFRPlus",
            forms=("sequence",),
            summary="predictive CFR+, its average by a planned schedule",
            reference="Zhang, McAleer and Sandholm 2024, arXiv:2404.09097",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
        ),
        Row(
            name="hedge-cfr",
            target="eqsolve.solvers.hedge_cfr:HedgeCFR",
            forms=("sequence",),
            summary="CFR with multiplicative weights",
            reference="Brown, Kroer and Sandholm 2017 (AAAI); Freund and Schapire 1997",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
            keeps_zeros=True,
        ),
        Row(
            name="mmd",
            target="eqsolve.solvers.mmd:MMD",
            forms=("sequence",),
            summary="regularised mirror descent, by its last iterate",
            reference="Sokota et al. 2023 (ICLR), arXiv:2206.05825",
            answers=("last",),
            converges=(),
            keeps_zeros=True,
            quantal="decay=0",
        ),
        Row(
            name="fictitious-play",
            target="eqsolve.solvers.fictitious_play:FictitiousPlay",
            forms=("normal", "sequence"),
            summary="best responses to average play",
            reference="Heinrich, Lanctot and Silver 2015 (ICML); Brown 1951",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
            aliases=("xfp",),
        ),
        Row(
            name="mccfr-external",
            target="eqsolve.solvers.mccfr_external:ExternalSampling",
            forms=("sequence",),
            summary="Monte Carlo CFR that tries all own actions",
            reference="Lanctot et al. 2009 (NeurIPS)",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum (in probability)"),),
        ),
        Row(
            name="mccfr-outcome",
            target="eqsolve.solvers.mccfr_outcome:OutcomeSampling",
            forms=("sequence",),
            summary="Monte Carlo CFR, one drawn history at a time",
            reference="Lanctot et al. 2009 (NeurIPS)",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum (in probability)"),),
        ),
    )
}


def find(name: str) -> Row:
    """The row called `name` or with that alias, ours or another package's.

    An unknown name raises UsageError with the nearest ones, a package that cannot be used PluginError.
    """
    for row in SOLVERS.values():
        if name == row.name or name in row.aliases:
            return row
    from difflib import get_close_matches

    from eqsolve.solvers.own import names_of_packages, row_of_package

    if (other := row_of_package(name)) is not None:
        return other
    names = [n for row in SOLVERS.values() for n in (row.name, *row.aliases)] + names_of_packages()
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`eqsolve algos` lists them"
    raise UsageError(f"unknown algorithm '{name}'", hint)
