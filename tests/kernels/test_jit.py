"""Kernels are compiled on their first call, and can run as what they are written in."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np

from eqsolve.kernels.jit import jit


@jit
def half(number: float) -> float:
    """Calls no other kernel."""
    return number / 2.0


def half_twice(number: float) -> Any:
    """Calls a kernel."""
    return half(half(number))


quarter = jit(fastmath={"contract"})(half_twice)


def test_kernels_call_each_other_compiled_and_as_python() -> None:
    assert quarter(3.0) == quarter.interpreted(3.0) == 0.75
    assert quarter.dispatcher.signatures == [(quarter.dispatcher.typeof_pyval(3.0),)]


def test_the_decorator_keeps_name_and_text() -> None:
    assert (half.__name__, half.__doc__) == ("half", "Calls no other kernel.")


def test_divisions_by_zero_are_numbers_both_ways() -> None:
    """No warning either: the tests turn warnings into errors."""

    @jit
    def inverse(numbers: Any) -> Any:
        return 1.0 / numbers[0]

    zero = np.zeros(1)
    assert inverse(zero) == inverse.interpreted(zero) == np.inf


def test_neither_the_decorator_nor_interpreted_runs_load_numba() -> None:
    code = (
        "import sys, numpy as np\n"
        "from eqsolve.kernels.tableau import extremes\n"
        "assert extremes.interpreted(np.array([2.0, 1.0])) == (1.0, 2.0)\n"
        "assert 'numba' not in sys.modules\n"
        "assert extremes(np.array([2.0, 1.0])) == (1.0, 2.0)\n"
        "assert 'numba' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
