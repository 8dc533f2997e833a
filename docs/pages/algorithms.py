"""The reference of algorithms, from the registry, and how `auto` chooses."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pages.markdown import table


def algorithms() -> Iterator[str]:
    """Yield the page of algorithms: the meaning of "converges", then each row with hyperparameters and account."""
    from eqsolve.forms.registry import games_of
    from eqsolve.solvers import SOLVERS
    from eqsolve.solvers.parameters import parameters_of
    from eqsolve.solvers.registry import PROMISES, games_in_words

    yield from table(
        ("converges in games", "which have", "what tends to 0"),
        ((str(games), ", ".join(sorted(p.structure)) or "any", p.vanishing) for games, p in PROMISES.items()),
    )
    for row in SOLVERS.values():
        yield f"## {row.name}"
        yield ""
        yield from table(
            ("", ""),
            (
                ("what it does", row.summary),
                ("also called", ", ".join(f"`{a}`" for a in row.aliases) or "–"),
                ("accepts", ", ".join(map(games_of, row.forms))),
                ("needs", ", ".join(row.needs) or "nothing more"),
                ("answers", ", ".join(f"`{a}`" for a in row.answers)),
                ("converges", "; ".join(f"`{a}` in {games_in_words(where)}" for a, where in row.converges) or "–"),
                *([("quantal responses", f"judged by the distance to them with {row.quantal}")] if row.quantal else []),
                ("source", row.reference),
            ),
        )
        parameters = parameters_of(row)
        if parameters:
            yield from table(
                ("`-p`", "symbol", "default", "meaning"),
                ((f"`{p.name}`", p.symbol, "–" if p.default is None else f"`{p.default}`", p.help) for p in parameters),
            )
        else:
            yield "No hyperparameters."
            yield ""
        yield from inspect.cleandoc(sys.modules[row.load().__module__].__doc__ or "").splitlines()
        yield ""


def choices() -> Iterator[str]:
    """The rules of `--algo auto`, one after another."""
    from eqsolve.run.auto import FACTS, RULES

    usual = {name: fact.usual for name, fact in FACTS.items()}
    yield from table(
        ("the game", "`auto` takes", "because"),
        (
            (
                "; ".join(condition.words for condition in rule.conditions) or "any other",
                "the leader of a short race: " * (len(rule.take) > 1)
                + ", ".join(_with(name, parameters) for name, parameters in rule.take.items()),
                rule.reason.format_map({"iterations": "…", "gaps": "…"} | usual),
            )
            for rule in RULES
        ),
    )


def _with(name: str, parameters: Mapping[str, Any]) -> str:
    """An algorithm and its hyperparameters."""
    return " ".join([f"`{name}`", *(f"`-p {key}={value:g}`" for key, value in parameters.items())])
