"""Zeros proven by residues against dictionaries in integers, and the primes against trial division."""

from __future__ import annotations

from math import isqrt

import numpy as np
import pytest

from eqsolve.solvers.enumeration._exact_dictionaries import Dictionary
from eqsolve.solvers.enumeration._residues import CEILING, all_zero, primes_beyond, residues_of
from reference.draws import Whole, on_random_games


@on_random_games(200)
def test_exactly_what_is_zero_in_integers_is_proven_to_be(whole: Whole) -> None:
    e, d, largest = whole(1, 5), whole(1, 5), (1, 3, 1000, 10**30)[whole(0, 3)]
    matrix = [[whole(1, largest) for _ in range(d)] for _ in range(e)]
    if e > 1 and whole(0, 1):
        matrix[-1] = [*matrix[0]]
    dictionary = Dictionary(matrix, range(d + e), (1 << d) - 1)
    for _ in range(whole(0, 6)):
        r, s = whole(0, e - 1), whole(0, d - 1)
        if dictionary.rows[r][s] != 0:
            dictionary.pivot(r, s)
    zero = np.array([[a == 0 for a in row] for row in dictionary.rows])
    proofs = residues_of(matrix, np.arange(d + e))
    basis = np.array(dictionary.basic), np.array(dictionary.cobasic)
    more = zero.copy()
    more[whole(0, e - 1), whole(0, d)] = True
    for _ in range(2):  # from z = 0, then from where the first round ended
        assert all_zero(proofs, *basis, zero)
        assert all_zero(proofs, *basis, more) == (more == zero).all()


def test_a_number_that_only_some_primes_divide_is_not_zero() -> None:
    first, second, *_ = primes_beyond(2**300)
    matrix = [[first, 1], [1, second]]
    residues = residues_of(matrix, np.arange(4))
    claims = np.zeros((2, 3), dtype=np.bool_)
    claims[0, 0] = True
    assert residues.tables[0, 0, 0] == 0
    assert residues.tables[1, 1, 1] == 0
    assert not all_zero(residues, np.array([2, 3]), np.array([0, 1]), claims)


@pytest.mark.parametrize("bound", [1, 10**9, 10**40])
def test_there_are_just_enough_primes_the_largest_first(bound: int) -> None:
    primes = primes_beyond(bound)
    product = 1
    for prime in primes:
        assert product**2 <= bound
        product *= prime
    assert product**2 > bound
    assert primes == sorted(set(primes), reverse=True)


def test_no_prime_is_left_out_and_no_other_number_taken() -> None:
    primes = primes_beyond(2**190)
    odd = np.arange(3, isqrt(CEILING) + 1, 2)
    divided = {n for n in range(CEILING - 1, primes[-1] - 1, -1) if n % 2 == 0 or (n % odd == 0).any()}
    assert set(primes) | divided == set(range(primes[-1], CEILING))
    assert not divided & set(primes)
