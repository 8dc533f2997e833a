"""Seconds of one kind of work: blocks add up, the outermost counts."""

from __future__ import annotations

from time import sleep

import pytest

from eqsolve.stopwatch import Stopwatch


def test_blocks_add_up_and_those_inside_others_count_once() -> None:
    watch = Stopwatch()
    for _ in range(2):
        with watch, watch:
            sleep(0.02)
    sleep(0.05)
    assert 0.04 <= watch.seconds < 0.05 + 0.04


def test_a_block_that_fails_counts_too() -> None:
    watch = Stopwatch()
    with pytest.raises(ValueError, match="x"), watch:
        raise ValueError("x")
    seconds = watch.seconds
    assert seconds > 0
    with watch:
        pass
    assert watch.seconds > seconds
