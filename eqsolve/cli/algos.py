"""`eqsolve algos`: the registry's table, and what is known of one algorithm."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eqsolve.cli.options import Debug, Format, OutputFormat
from eqsolve.cli.streams import say, width
from eqsolve.forms.concept import Concept

if TYPE_CHECKING:
    from eqsolve.solvers import Row


def algos(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="An algorithm or its alias.")] = None,
    output_format: OutputFormat = Format.TEXT,
    debug: Debug = False,
) -> None:
    """List the algorithms, or describe one.

    Those that other packages bring come last. With NAME: its hyperparameters, guarantees and source.

    \b
    eqsolve algos
    eqsolve algos inpg
    """
    import json

    # Here, not above: `eqsolve regret` loads this file too, and nothing that solves.
    from eqsolve import plugins
    from eqsolve.solvers import SOLVERS, find

    if name is None:
        rows = [_facts(row) for row in SOLVERS.values()]
        others = [offer._asdict() for offer in plugins.offers(plugins.SOLVERS)]
        text = "\n".join([*_table(rows), *(f"{one['name']}  of {one['package']}" for one in others)])
        say(json.dumps(rows + others, indent=2) if output_format == Format.JSON else text)
    else:
        row = find(name)
        facts = _facts(row) | {"parameters": _parameters(row)}
        say(json.dumps(facts, indent=2) if output_format == Format.JSON else "\n".join(_page(facts)))


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


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line per algorithm; on a terminal the summaries are folded into their column."""
    accepted = {row["name"]: ", ".join([*row["forms"], *row["needs"]]) for row in rows}
    first = max(len(name) for name in accepted) + 2
    second = max(map(len, accepted.values())) + 2
    yield f"{'algorithm':<{first}}{'accepts':<{second}}what it is"
    for row in rows:
        head = f"{row['name']:<{first}}{accepted[row['name']]:<{second}}"
        yield from _folded(head, row["summary"])


def _page(facts: dict[str, Any]) -> Iterator[str]:
    yield from _folded(f"{'algorithm':<13}", facts["name"])
    yield from _folded(f"{'what it is':<13}", facts["summary"])
    if facts["aliases"]:
        yield from _folded(f"{'aliases':<13}", ", ".join(facts["aliases"]))
    yield from _folded(f"{'forms':<13}", ", ".join(facts["forms"]))
    yield from _folded(f"{'needs':<13}", ", ".join(facts["needs"]) or "nothing more")
    yield from _folded(f"{'answers':<13}", ", ".join(facts["answers"]) or "not known beforehand")
    gap = Concept(facts["concept"]).gap_in_words
    for promise in facts["converges"]:
        yield from _folded(
            f"{'converges':<13}", f"the {gap} of '{promise['answer']}' tends to 0 in games: {promise['games']}"
        )
    if not facts["converges"]:
        yield from _folded(f"{'converges':<13}", "no guarantee; the measured gap says what was reached")
    if facts["quantal"]:
        quantal = f"with {facts['quantal']} the answer is judged by its distance to logit responses, and not polished"
        yield from _folded(f"{'responses':<13}", quantal)
    if facts["polish"]:
        yield from _folded(
            f"{'polish':<13}", "a support polish of the best answer is tried and measured; -p polish=false: none"
        )
    yield from _folded(f"{'source':<13}", facts["reference"] or "not told")
    if "package" in facts:
        yield from _folded(f"{'package':<13}", facts["package"])
    for p in facts["parameters"]:
        default = "none" if p["default"] is None else p["default"]
        yield from _folded(f"{'parameter':<13}", f"{p['name']} ({p['symbol']}, default {default}): {p['help']}")


def _folded(head: str, text: str) -> Iterator[str]:
    """`head` and `text` in one line; on a terminal folded to its width, later lines below the text."""
    columns = width()
    if columns is None:
        yield head + text
    else:
        yield from wrap(
            head + text, max(columns, len(head) + 20), subsequent_indent=" " * len(head), break_on_hyphens=False
        )
