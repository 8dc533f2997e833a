"""Hyperparameters given as texts, `-p name=value`, become what the solver's fields hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from eqsolve.cli.options import number, whole
from eqsolve.errors import UsageError

if TYPE_CHECKING:
    from eqsolve.solvers.parameters import Hyperparameter


def split(pairs: Sequence[str]) -> dict[str, str]:
    """`name=value` texts as a mapping; UsageError for one without `=` or a name given twice."""
    out: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {pair}: expected name=value")
        if name in out:
            raise UsageError(f"-p {name}: given twice")
        out[name] = text
    return out


def converted(texts: Mapping[str, str], known: Sequence[Hyperparameter]) -> dict[str, Any]:
    """The values for `eqsolve.api.solve`, which refuses unknown names; UsageError for a text of the wrong type."""
    types = {p.name: p.type for p in known}
    out: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            out[name] = _value(types.get(name, str), text)
        except ValueError as error:
            raise UsageError(f"-p {name}: {error}") from None
    return out


def _value(kind: Any, text: str) -> Any:
    """`text` as `kind`, a type or a union such as `float | None`."""
    kinds = get_args(kind) or (kind,)
    if type(None) in kinds and text.lower() == "none":
        return None
    if bool in kinds:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"expected true or false, got '{text}'")
        return text.lower() == "true"
    if float in kinds:
        try:
            return number(text)
        except ValueError:
            if str not in kinds:
                raise
            return text
    if int in kinds:
        return whole(text)
    return text
