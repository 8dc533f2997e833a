"""Names of cards."""

from __future__ import annotations

_RANKS = "23456789TJQKA"
_SUITS = "cdhs"


def ranks(count: int) -> tuple[str, ...]:
    """The lowest first: J Q K, J Q K A, then from below the ace; numbers where there are not so many."""
    if count > len(_RANKS):
        return tuple(map(str, range(count)))
    return tuple("JQK"[:count] if count <= 3 else _RANKS[-count:])


def cards(count: int, suits: int) -> tuple[str, ...]:
    """Every card of `count` ranks, rank by rank: Jc Jd Qc Qd …"""
    names = _SUITS[:suits] if suits <= len(_SUITS) else [f".{k}" for k in range(suits)]
    return tuple(rank + suit for rank in ranks(count) for suit in names)
