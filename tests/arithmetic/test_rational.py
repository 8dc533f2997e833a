"""Systems in rationals against Gauss–Jordan elimination, sparse and dense ones, and those that have no one solution."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest

from eqsolve.arithmetic import rational
from eqsolve.arithmetic.rational import require_flint, solution
from eqsolve.errors import UsageError
from reference import draws, linear
from reference.draws import Whole, on_random_games


def sparse(matrix: list[list[int]]) -> list[dict[int, int]]:
    return [{c: a for c, a in enumerate(row) if a} for row in matrix]


@on_random_games(300)
def test_solutions_are_those_of_gauss_and_jordan(whole: Whole) -> None:
    n, often = whole(1, 7), whole(0, 3)
    matrix = [[whole(-4, 4) if whole(0, 3) <= often else 0 for _ in range(n)] for _ in range(n)]
    right = [whole(-9, 9) for _ in range(n)]
    assert solution(sparse(matrix), right) == linear.solve(matrix, right)


@pytest.mark.parametrize("n", [14, 30])
def test_equations_too_long_for_elimination_go_to_flint(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = draws.seeded("dense", n)
    core = [[whole(1, 9) for _ in range(n)] for _ in range(n)]
    # a triangle around it: unknowns before it that it uses, unknowns after it that use it
    matrix = [
        [2] + [0] * (n + 1),
        *([whole(-9, 9), *row, 0] for row in core),
        [1, *(whole(-9, 9) for _ in range(n)), 5],
    ]
    right = [whole(-9, 9) for _ in range(n + 2)]
    assert solution(sparse(matrix), right) == linear.solve(matrix, right)
    monkeypatch.setattr(rational, "MAX_DENSE", n - 1)
    assert solution(sparse(matrix), right) is None


@pytest.mark.parametrize("n", [2, 20])
def test_what_determines_nothing_has_no_solution(n: int) -> None:
    whole = draws.seeded("singular", n)
    matrix = [[whole(1, 9) for _ in range(n)] for _ in range(n - 1)]
    assert solution(sparse([*matrix, matrix[0]]), [1] * n) is None
    unused = [[*row[:-1], 0] for row in [*matrix, [1] * n]]
    assert solution(sparse(unused), [1] * n) is None
    assert solution([{}], [0]) is None


def test_nothing_to_solve() -> None:
    assert solution([], []) == []


def test_digits_have_no_bound() -> None:
    large = 10**400
    assert solution([{0: large, 1: 1}, {0: 1, 1: -large}], [1, 0]) == [
        Fraction(large, large**2 + 1),
        Fraction(1, large**2 + 1),
    ]


def test_without_flint_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require_flint()
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(UsageError) as refusal:
        require_flint()
    assert refusal.value.lines() == ["rational solutions need python-flint: pip install 'eqsolve[exact]'"]
