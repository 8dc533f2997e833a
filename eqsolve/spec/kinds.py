"""The registry of families: which model reads a spec of which `kind`. Targets are strings, so that nothing loads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING

from eqsolve import plugins

if TYPE_CHECKING:
    from eqsolve.spec.base import Family

FAMILIES: Mapping[str, str] = {
    "matrix": "eqsolve.families.normal.matrix:Matrix",
    "congestion": "eqsolve.families.normal.congestion:Congestion",
    "distancing": "eqsolve.families.markov.distancing:Distancing",
    "markov": "eqsolve.families.markov.markov:Markov",
    "routing": "eqsolve.families.markov.routing:Routing",
    "routing-published": "eqsolve.families.markov.routing_published:RoutingPublished",
    "random-matrix": "eqsolve.families.generated.random_matrix:RandomMatrix",
    "covariant": "eqsolve.families.generated.covariant:Covariant",
    "polymatrix": "eqsolve.families.generated.polymatrix:Polymatrix",
    "graphical": "eqsolve.families.generated.graphical:Graphical",
    "planted": "eqsolve.families.generated.planted:Planted",
    "random-hard": "eqsolve.families.generated.random_hard:RandomHard",
    "sgc": "eqsolve.families.generated.sgc:SGC",
    "tournament": "eqsolve.families.generated.tournament:Tournament",
    "unit-vector": "eqsolve.families.generated.unit_vector:UnitVector",
    "ranking": "eqsolve.families.generated.ranking:Ranking",
    "blotto": "eqsolve.families.generated.blotto:Blotto",
    "inspection": "eqsolve.families.textbook.inspection:Inspection",
    "travellers-dilemma": "eqsolve.families.textbook.travellers_dilemma:TravellersDilemma",
    "minimum-effort": "eqsolve.families.textbook.minimum_effort:MinimumEffort",
    "bertrand": "eqsolve.families.textbook.bertrand:Bertrand",
    "cournot": "eqsolve.families.textbook.cournot:Cournot",
    "random-team": "eqsolve.families.markov.random_team:RandomTeam",
    "random-congestion-markov": "eqsolve.families.markov.random_congestion_markov:RandomCongestionMarkov",
    "shapley": "eqsolve.families.normal.shapley:Shapley",
    "kuhn": "eqsolve.families.extensive.kuhn:Kuhn",
    "leduc": "eqsolve.families.extensive.leduc:Leduc",
    "liars-dice": "eqsolve.families.extensive.liars_dice:LiarsDice",
    "goofspiel": "eqsolve.families.extensive.goofspiel:Goofspiel",
    "extensive": "eqsolve.families.extensive.extensive:Extensive",
    "openspiel": "eqsolve.families.extensive.openspiel:OpenSpiel",
}


def family(kind: str) -> type[Family]:
    """Return the model of `kind`, ours or another package's; imports its module.

    KeyError for an unknown kind, PluginError where another package's is none.
    """
    if kind in FAMILIES:
        module, _, name = FAMILIES[kind].partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]  # the table's own promise
    found = plugins.find(plugins.FAMILIES, kind)
    if found is None:
        raise KeyError(kind)
    from eqsolve.spec.base import Family

    if not (isinstance(found, type) and issubclass(found, Family)):
        what = found.__name__ if isinstance(found, type) else type(found).__name__
        raise plugins.wrong(plugins.FAMILIES, kind, f"expected a subclass of eqsolve.spec.base.Family, got {what}")
    return found


def kinds() -> list[str]:
    """Return the kinds of the table and then those of other packages; nothing of them is imported."""
    return [*FAMILIES, *(offer.name for offer in plugins.offers(plugins.FAMILIES) if offer.name not in FAMILIES)]


def blamed(model: type[Family], kind: str) -> AbstractContextManager[None]:
    """Return a context in which what another package's family raises is told in one line; ours raise as they do."""
    ours = model.__module__.partition(".")[0] == "eqsolve"
    return nullcontext() if ours else plugins.blamed(plugins.FAMILIES, kind)
