"""Zeros of a condensed dictionary, proven in integers: by residues modulo so many primes that nothing else is left.

The numbers of the dictionary of {M z ≤ 1} at a basis are, but for the sign, minors of [M, 1] over one of them that is
not 0, the determinant of the basis. With M of integers, a minor is an integer, less than the product of the primes
(Hadamard's bound), and so it is 0 if it is modulo each of them. Residues take no more room in the course of pivots,
unlike integers; each prime needs a dictionary of its own, made by as many pivots as variables z are basic.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.solvers.enumeration._exact_dictionaries import Matrix

#: Primes are below this: products of two residues are integers of 64 bits.
CEILING = 1 << 31
#: By these bases Fermat's test in its strong form knows the primes below 3 · 10^9 (Jaeschke 1993).
WITNESSES = (2, 3, 5, 7)


class Residues(NamedTuple):
    """A dictionary of {M z ≤ 1} modulo each of K primes; each may be at a basis of its own."""

    tables: NDArray[np.int64]  # [K, e, d + 1], right sides last
    labels: NDArray[np.int64]  # [K, d + e]: the variables of its columns, then of its rows
    primes: NDArray[np.int64]  # [K]


@jit
def inverse(a, prime):
    """Return 1 / a modulo `prime`, as a^(prime − 2)."""
    result, power, left = 1, a, prime - 2
    while left > 0:
        if left & 1:
            result = result * power % prime
        power = power * power % prime
        left >>= 1
    return result


@jit
def exchanged(table, r, s, prime):
    """Let column s enter and row r leave in table [e, d + 1] modulo `prime`; it is modified in place."""
    over = inverse(table[r, s], prime)
    for k in range(table.shape[1]):
        table[r, k] = table[r, k] * over % prime
    table[r, s] = over
    for i in range(table.shape[0]):
        factor = table[i, s]
        if i != r and factor != 0:
            table[i, s] = 0
            for k in range(table.shape[1]):
                table[i, k] = (table[i, k] + (prime - factor) * table[r, k]) % prime


@jit
def all_zero(residues, basic, cobasic, claims):
    """Tell whether it is proven that the numbers in claims bool [e, d + 1] are zero at the basis.

    Row r belongs to the variable basic[r] [e], column c to cobasic[c] [d], the last column to the right sides. The
    `Residues` are as `residues_of` makes them or as the last call left them, at a basis that may be near; their tables
    and labels are modified in place.
    """
    modular, held, primes = residues
    e, d = claims.shape[0], claims.shape[1] - 1
    column = np.empty(64, np.int64)
    row = np.empty(64, np.int64)
    for k in range(d + e):
        column[held[0, k]] = row[held[0, k]] = -1
    for c in range(d):
        column[cobasic[c]] = c
    for r in range(e):
        row[basic[r]] = r
    for k in range(primes.size):
        now = held[k]
        for c in range(d):
            if column[now[c]] >= 0:
                continue
            r = 0
            while r < e and (column[now[d + r]] < 0 or modular[k, r, c] == 0):
                r += 1
            if r == e:
                return False  # the prime divides the determinant
            exchanged(modular[k], r, c, primes[k])
            now[c], now[d + r] = now[d + r], now[c]
        for r in range(e):
            there = row[now[d + r]]
            if claims[there, d] and modular[k, r, d] != 0:
                return False
            for c in range(d):
                if claims[there, column[now[c]]] and modular[k, r, c] != 0:
                    return False
    return True


def no_residues(e: int, d: int) -> Residues:
    """Return residues modulo no prime, of a dictionary of e rows and d columns."""
    tables, labels = np.empty((0, e, d + 1), dtype=np.int64), np.empty((0, d + e), dtype=np.int64)
    return Residues(tables, labels, np.empty(0, dtype=np.int64))


def residues_of(matrix: Matrix, labels: NDArray[np.int64]) -> Residues:
    """Return [M, 1] for M [e, d], the dictionary at z = 0, modulo primes whose product exceeds every minor of it.

    `labels` [d + e] are the numbers of the variables z, then of the slacks.
    """
    order = min(len(matrix), len(matrix[0]) + 1)
    primes = primes_beyond((order * max(map(max, matrix)) ** 2) ** order)
    modular = [[[*(a % prime for a in row), 1] for row in matrix] for prime in primes]
    return Residues(np.array(modular, dtype=np.int64), np.tile(labels, (len(primes), 1)), np.array(primes))


def primes_beyond(bound: int) -> list[int]:
    """Return the largest primes below `CEILING`, so many that the square of their product is more than `bound`."""
    found, product = list[int](), 1
    while product * product <= bound:
        found.append(_prime(len(found)))
        product *= found[-1]
    return found


@cache
def _prime(k: int) -> int:
    """Return the k-th largest prime below `CEILING`, counted from 0."""
    return next(n for n in range(_prime(k - 1) - 1 if k else CEILING - 1, 2, -1) if _is_prime(n))


def _is_prime(n: int) -> bool:
    """Tell whether an odd number above 7, or an even one above 2, is prime (Miller 1976)."""
    if n % 2 == 0:
        return False
    odd = (n - 1) >> (twos := ((n - 1) & (1 - n)).bit_length() - 1)
    return all(
        (power := pow(a, odd, n)) == 1 or any(pow(power, 1 << k, n) == n - 1 for k in range(twos)) for a in WITNESSES
    )
