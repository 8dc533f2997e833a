"""`eqsolve algos`: the registry's table, and what is known of one algorithm."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eqsolve.cli import completion
from eqsolve.cli.options import Debug, Format, OutputFormat
from eqsolve.cli.streams import say, width
from eqsolve.errors import UsageError
from eqsolve.forms.concept import Concept

if TYPE_CHECKING:
    from eqsolve.solvers import Row

#: Columns of a list.
LINE_WIDTH = 80


def algos(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD",
            help="An algorithm or its alias; or words, to list those that they fit.",
            autocompletion=completion.algorithms,
        ),
    ] = None,
    output_format: OutputFormat = Format.TEXT,
    debug: Debug = False,
) -> None:
    """List the algorithms, or describe one.

    With a name: its hyperparameters, guarantees and source. With other words (markov, two-player, poker): the
    algorithms whose name, summary, group or games have them all. Those of other packages come last.

    \b
    eqsolve algos
    eqsolve algos markov
    eqsolve algos inpg
    """
    import json

    # Here, not above: `eqsolve regret` loads this file too, and nothing that solves.
    from eqsolve import plugins
    from eqsolve.solvers import SOLVERS, find

    offers = [offer._asdict() for offer in plugins.offers(plugins.SOLVERS)]
    names = {name for row in SOLVERS.values() for name in (row.name, *row.aliases)} | {one["name"] for one in offers}
    wanted = [word.lower() for word in words or ()]
    chosen = [row for row in SOLVERS.values() if all(word in _text(row) for word in wanted)]
    others = [one for one in offers if all(word in f"{one['name']} {one['package']}".lower() for word in wanted)]
    if words and len(words) == 1 and (words[0] in names or not (chosen or others)):
        row = find(words[0])
        facts = _facts(row) | {"parameters": _parameters(row)}
        say(json.dumps(facts, indent=2) if output_format == Format.JSON else "\n".join(_page(facts)))
    elif not (chosen or others):
        raise UsageError(f"no algorithm has all of the words {' '.join(words or ())}", "eqsolve algos lists them")
    elif output_format == Format.JSON:
        say(json.dumps([*(_facts(row) for row in chosen), *others], indent=2))
    else:
        say("\n".join([*_table(chosen), *(f"{one['name']}  of {one['package']}" for one in others)]))


def _text(row: Row) -> str:
    """Where words are looked for."""
    from eqsolve.solvers.groups import group

    aliases = " ".join(row.aliases)
    return " ".join([row.name, aliases, row.summary, *row.forms, *row.needs, row.concept, group(row)]).lower()


def _facts(row: Row) -> dict[str, Any]:
    """A row of the registry as JSON."""
    return {
        "name": row.name,
        "aliases": list(row.aliases),
        "summary": row.summary,
        "forms": list(row.forms),
        "needs": list(row.needs),
        "answers": list(row.answers),
        "concept": str(row.concept),
        "converges": [{"answer": answer, "games": games} for answer, games in row.converges],
        "quantal": row.quantal or None,
        "polish": row.polish,
        "reference": row.reference,
        **({} if row.package is None else {"package": row.package}),
    }


def _parameters(row: Row) -> list[dict[str, Any]]:
    """The hyperparameters, read from the solver's own file."""
    from eqsolve.solvers.parameters import parameters_of

    return [{"name": p.name, "symbol": p.symbol, "default": p.default, "help": p.help} for p in parameters_of(row)]


def _table(rows: list[Row]) -> Iterator[str]:
    """The algorithms in groups, each in a line of at most LINE_WIDTH characters."""
    from eqsolve.solvers.groups import grouped

    first = max((len(row.name) for row in rows), default=0) + 4
    for number, (title, own) in enumerate(grouped(rows).items()):
        yield from [""] * (number > 0)
        yield title
        for row in own:
            yield f"{'  ' + row.name:<{first}}{shorten(row.summary, LINE_WIDTH - first, placeholder=' …')}"


def _page(facts: dict[str, Any]) -> Iterator[str]:
    """Yield the lines about one algorithm, a fact a line."""
    from eqsolve.forms.registry import games_of
    from eqsolve.solvers.registry import games_in_words

    yield from _folded(f"{'algorithm':<13}", facts["name"])
    yield from _folded(f"{'what it is':<13}", facts["summary"])
    if facts["aliases"]:
        yield from _folded(f"{'aliases':<13}", ", ".join(facts["aliases"]))
    yield from _folded(f"{'forms':<13}", ", ".join(map(games_of, facts["forms"])))
    yield from _folded(f"{'needs':<13}", ", ".join(facts["needs"]) or "nothing more")
    yield from _folded(f"{'answers':<13}", ", ".join(facts["answers"]) or "not known beforehand")
    gap = Concept(facts["concept"]).gap_in_words
    for promise in facts["converges"]:
        yield from _folded(
            f"{'converges':<13}",
            f"the {gap} of the answer '{promise['answer']}' tends to 0 in {games_in_words(promise['games'])}",
        )
    if not facts["converges"]:
        yield from _folded(f"{'converges':<13}", "not guaranteed; the measured gap says how near an answer is")
    if facts["quantal"]:
        quantal = f"with {facts['quantal']} the answer is judged by its distance from logit responses, and not polished"
        yield from _folded(f"{'responses':<13}", quantal)
    if facts["polish"]:
        yield from _folded(
            f"{'polish':<13}", "tries a support polish of the best answer and measures it; -p polish=false tries none"
        )
    yield from _folded(f"{'source':<13}", facts["reference"] or "none given")
    if "package" in facts:
        yield from _folded(f"{'package':<13}", facts["package"])
    for p in facts["parameters"]:
        default = "" if p["default"] is None and "default" in p["help"] else f", default {_default(p['default'])}"
        yield from _folded(f"{'parameter':<13}", f"{p['name']} ({p['symbol']}{default}): {p['help']}")


def _default(value: Any) -> str:
    """Return a default as a user types it after `-p name=`."""
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _folded(head: str, text: str) -> Iterator[str]:
    """`head` and `text` in one line; on a terminal folded to its width, later lines below the text."""
    columns = width()
    if columns is None:
        yield head + text
    else:
        yield from wrap(
            head + text, max(columns, len(head) + 20), subsequent_indent=" " * len(head), break_on_hyphens=False
        )
