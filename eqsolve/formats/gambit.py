"""What Gambit's two formats share: the first line, and how texts are quoted."""

from __future__ import annotations

from typing import NamedTuple

from eqsolve.formats.tokens import NUMBER, TEXT, WORD, Tokens, free_text
from eqsolve.formats.tree import distinct
from eqsolve.spec.numbers import MAX_LABELS, PLAYER, numbered


class Opening(NamedTuple):
    """The game's title and the players' labels, blank ones replaced by default labels, repeated ones numbered."""

    title: str
    players: tuple[str, ...]


def opening(tokens: Tokens, word: str, version: str, form: str) -> Opening:
    """Reads `EFG 2 R "title" { "player" … }`: `word` and `version` as the format has them; `form` for the message."""
    if tokens.kind != WORD or tokens.value != word:
        tokens.missing(f"`{word} {version} R`, the first words of a Gambit {form} game")
    tokens.advance()
    if tokens.kind != NUMBER or tokens.value != version:
        tokens.missing(f"version {version} of the format")
    tokens.advance()
    if tokens.kind != WORD or tokens.value not in ("R", "D"):
        tokens.missing("`R` (or `D`, in old files)")
    tokens.advance()
    title = tokens.label("the title of the game")
    tokens.take("{", "`{` and the players")
    names = []
    while tokens.kind == TEXT:
        names.append(tokens.label("a player"))
    if not names or len(names) > MAX_LABELS:
        tokens.missing(f"the names of 1 to {MAX_LABELS} players in quotation marks")
    tokens.take("}", "a player in quotation marks, or `}`")
    return Opening(title, distinct(names, numbered(PLAYER, len(names))))


def comment(tokens: Tokens) -> str:
    """The comment that may stand here, however long, in one line."""
    return free_text(tokens.take(TEXT, "a comment")) if tokens.kind == TEXT else ""


def quoted(text: str) -> str:
    """A text of the file; a backslash at its end would take the closing mark with it."""
    inner = " ".join(text.split()).replace('"', '\\"')
    return f'"{inner} "' if inner.endswith("\\") else f'"{inner}"'
