"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, TypeVar

import typer

from eqsolve.cli import completion
from eqsolve.errors import UsageError
from eqsolve.spec.formats import suffixes

Value = TypeVar("Value")

#: The text shows policies of more rows only if it is asked for them.
SHOWN_ROWS = 40


def algorithm_option(words: str) -> Any:
    """Return the option `--algo`, `-a`, of which the help says `words`."""
    return typer.Option("--algo", "-a", metavar="NAME", help=words, autocompletion=completion.chosen_algorithms)


def answer_option(words: str) -> Any:
    """Return the option `--answer`, of which the help says `words`."""
    return typer.Option("--answer", metavar="NAME", help=words, autocompletion=completion.answers)


class Format(StrEnum):
    """How a result is shown."""

    TEXT = "text"
    JSON = "json"


GameFile = Annotated[
    str,
    typer.Argument(
        metavar="GAME",
        help=f"A file ({suffixes()}), @family/name from the catalogue, or - for stdin.",
        autocompletion=completion.games,
    ),
]
GameOfProfiles = Annotated[
    str | None,
    typer.Option(
        "--game",
        "-g",
        metavar="SPEC",
        help="The game; a policy file holds its own unless that is large.",
        autocompletion=completion.games,
    ),
]
#: The boundary looks for it among the arguments, so that it works for mistakes in them too.
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks and warnings.")]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result on stdout.")]
ShowProfile = Annotated[bool, typer.Option("--profile", help="Show the policies, too, by labels.")]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose", "-v", count=True, help="Show all figures, parameters and clocks; -vv: each measured point too."
    ),
]
Certified = Annotated[
    bool, typer.Option("--exact", help="Certify values and regrets as fractions, in rational arithmetic.")
]
Normalise = Annotated[
    bool,
    typer.Option(
        "--normalise",
        help="Take probabilities as rounded: divide rows by their sums where these are within 0.1 of 1, and say so.",
    ),
]
NoProvenance = Annotated[
    bool,
    typer.Option("--no-provenance", help="Leave out clocks, versions, host and arguments, which differ run by run."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing on stderr but errors.")]


def number(text: str) -> float:
    """A finite number: `0.5`, `1e-6` or `1/3`; ValueError otherwise."""
    numerator, slash, denominator = text.partition("/")
    try:
        value = float(numerator) / float(denominator) if slash else float(numerator)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"expected a number, got '{text}'") from None
    if not isfinite(value):
        raise ValueError(f"expected a finite number, got '{text}'")
    return value


def whole(text: str) -> int:
    """A whole number: `1000` or `1e3`; ValueError otherwise."""
    if re.fullmatch(r"[+-]?\d{1,30}", text):
        return int(text)
    try:
        value = float(text)
        if value.is_integer() and abs(value) <= 2**53:
            return int(value)
    except ValueError:
        pass
    raise ValueError(f"expected a whole number, got '{text}'")


def duration(text: str) -> float:
    """Seconds: `90`, `90s`, `5m` or `1h`; ValueError otherwise."""
    match = re.fullmatch(r"\s*([0-9.eE+-]+)\s*(s|m|h|)\s*", text)
    try:
        if match is None:
            raise ValueError
        return number(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]
    except ValueError:
        raise ValueError(f"expected a time such as 90, 90s, 5m or 1h, got '{text}'") from None


def option(name: str, text: str | None, read: Callable[[str], Value], least: float | None = None) -> Value | None:
    """The value of an option's text, None where it was not given; UsageError names the option."""
    if text is None:
        return None
    try:
        value = read(text)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
    if least is not None and isinstance(value, int | float) and value < least:
        raise UsageError(f"{name}: expected at least {least:g}, got {text}")
    return value


def set_threads(count: int) -> None:
    """For numba and every linear algebra library that numpy may come with, which read these when first imported."""
    for library in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[library] = str(count)
