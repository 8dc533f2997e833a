"""Progress: few plain lines where no terminal is, one line that goes away where one is."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from eqsolve.cli.progress import Estimate, Lines
from eqsolve.run.hooks import Progress
from eqsolve.run.options import Limits


def progress(elapsed: float, iteration: int = 100) -> Progress:
    return Progress(iteration, elapsed, 0.5, 0.25, 1e-3, Limits(1e-3, None, None, 60.0))


def test_plain_lines_come_at_one_two_five_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for tenth in range(230):
        lines.update(progress(tenth / 10), left=None)
    shown = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in shown] == ["1", "2", "5", "10", "20"]
    assert shown[1] == "2 s  iteration 100  gap 5.0e-01 best 2.5e-01  50/s"


def test_a_late_line_is_not_made_up_for(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for elapsed in (0.0, 7.0, 8.0):
        lines.update(progress(elapsed), left=300.0)
    assert capsys.readouterr().err == "7 s  iteration 100  gap 5.0e-01 best 2.5e-01  14.3/s  estimate 5 min\n"


def test_a_line_fits_a_terminal_of_eighty_columns_beside_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().update(progress(3000.0, 12_345_678_901), left=5e4)
    assert len(capsys.readouterr().err.rstrip()) <= 80 - 6


def test_the_estimate_follows_a_line_in_the_log_log_plot() -> None:
    estimate = Estimate()
    for n in (1, 10, 20, 50, 100):
        estimate.note(n, 1 / n)
    # 1/n reaches 1e-3 at n = 1000: ten times as long as the 100 so far took.
    assert estimate.seconds_left(100, 2.0, 1e-3) == pytest.approx(18.0)


def test_points_close_to_one_another_count_once() -> None:
    estimate = Estimate()
    for n in range(1, 200_000):
        estimate.note(n, 1 / n)
    assert len(estimate._points) < 1500
    assert estimate.seconds_left(200_000, 2.0, 1e-6) == pytest.approx(8.0, rel=1e-3)


def test_there_is_no_estimate_where_nothing_points_to_an_end() -> None:
    estimate = Estimate()
    for n, gap in ((0, 1.0), (1, 0.5), (2, 0.7), (3, 0.6), (4, 0.0)):
        estimate.note(n, gap)
    assert estimate.seconds_left(4, 1.0, 1e-3) is None
    assert Estimate().seconds_left(4, 1.0, None) is None


@pytest.mark.parametrize(("more", "drawn"), [([], True), (["--no-progress"], False), (["-q"], False)])
def test_a_terminal_shows_one_line_that_is_gone_at_the_end(more: list[str], drawn: bool) -> None:
    terminal, side = pty.openpty()
    run = ["solve", "cycle.yaml", "-a", "inpg", "--tol", "0", "--time-limit", "1", *more]
    with subprocess.Popen(
        [sys.executable, "-m", "eqsolve", *run],
        stdout=subprocess.DEVNULL,
        stderr=side,
        env=os.environ | {"TERM": "xterm"},
    ) as child:
        os.close(side)
        shown = b""
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # how a pseudo-terminal says that the other side is closed
                break
            if not piece:
                break
            shown += piece
    os.close(terminal)
    assert child.returncode == 4
    assert (b"iteration" in shown) == drawn
    assert shown.count(b"\n") <= 1
    assert not drawn or shown.rstrip().endswith(b"\x1b[2K")
