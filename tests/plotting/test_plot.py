"""Figures: what the axes can and cannot show, and that the same curves give the same bytes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.plotting.curves import Curve, Series
from eqsolve.plotting.figures import FORMATS, Scale
from eqsolve.plotting.plot import COLORS, Look, draw

LOOK = Look("iteration", "Nash gap (payoff units)", Scale.LOG)
STARTS = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}


def line(y: list[float], spread: list[float] | None = None, first: int = 0) -> Series:
    x = np.arange(first, first + len(y), dtype=float)
    return Series(x, np.array(y, dtype=float), None if spread is None else np.array(spread, dtype=float))


def curve(*lines: Series, label: str = "run") -> Curve:
    return Curve(label, lines, label, "")


ELSEWHERE = """
import sys, time
import matplotlib, numpy as np
from eqsolve.plotting.curves import Curve, Series
from eqsolve.plotting.figures import Scale
from eqsolve.plotting.plot import Look, draw
matplotlib.rcParams.update({"lines.linewidth": 9, "savefig.dpi": 50, "text.usetex": True, "font.size": 30})
lines = Series(np.arange(2.0), np.array([2.0, 1.0]), np.array([1.0, 0.5])), Series(np.arange(2.0), np.array([3.0, 0.0]))
curves = [Curve("run", (line,), "run", "") for line in lines]
time.sleep(1)
sys.stdout.buffer.write(draw(curves, Look("iteration", "Nash gap (payoff units)", Scale.LOG), sys.argv[1]).data)
"""


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_figure_has_the_same_bytes_at_another_time_under_other_settings(file_format: str) -> None:
    ours = draw([curve(line([2, 1], [1, 0.5])), curve(line([3, 0]))], LOOK, file_format).data
    assert ours.startswith(STARTS[file_format])
    theirs = subprocess.run([sys.executable, "-c", ELSEWHERE, file_format], capture_output=True, check=True)
    assert theirs.stdout == ours


def test_points_that_a_log_axis_cannot_show_are_counted() -> None:
    mean = curve(line([4, 2, 0], [1, 2, 1]))
    assert draw([mean], LOOK, "svg").notes == (
        "1 point(s) of at most 0 are not on the log axis; triangles at its foot mark them",
        "at 1 point(s) mean − deviation is at most 0, and the band reaches down to the axis",
    )
    assert draw([mean], replace(LOOK, scale=Scale.LOG_LOG), "svg").notes[1].startswith("1 point(s) at 0 ")
    assert draw([mean], replace(LOOK, scale=Scale.LINEAR), "svg").notes == ()


def test_a_figure_with_nothing_to_show_is_refused() -> None:
    with pytest.raises(UsageError, match="positive numbers"):
        draw([curve(line([0, -1]))], LOOK, "svg")


def test_gaps_in_a_line_are_not_bridged_and_hidden_points_are_marked(drawn: list[Any]) -> None:
    draw([curve(line([4, 0, 2, 1]))], LOOK, "png")
    [axes] = drawn[0].axes
    shown, marks = axes.lines
    np.testing.assert_array_equal(shown.get_ydata(), [4, np.nan, 2, 1])
    np.testing.assert_array_equal(marks.get_xdata(), [1])
    np.testing.assert_array_equal(marks.get_ydata(), [0])


def test_a_band_does_not_stretch_a_log_axis(drawn: list[Any]) -> None:
    draw([curve(line([4, 2], [3.9999999, 1]))], LOOK, "png")
    assert drawn[0].axes[0].get_ylim()[0] > 1.8


def test_labels_stand_in_the_legend_as_they_are(drawn: list[Any]) -> None:
    labels = ["_hidden", "$\\broken{$", "two\nlines", "a"]
    draw([curve(line([1]), label=label) for label in labels], replace(LOOK, title="$\\broken{$"), "png")
    texts = [text.get_text() for text in drawn[0].axes[0].get_legend().get_texts()]
    assert texts == ["_hidden", "$\\broken{$", "two\\nlines", "a"]


def test_more_curves_than_colours_differ_by_dash_or_marker(drawn: list[Any]) -> None:
    count = 3 * len(COLORS)
    draw([curve(line([k + 1.0]), label=str(k)) for k in range(count)], LOOK, "png")
    lines = drawn[0].axes[0].lines[::2]
    looks = {(one.get_color(), str(one._dash_pattern), one.get_marker()) for one in lines}
    assert len(looks) == count
    assert drawn[0].legends  # beside the axes


def test_colours_of_neighbours_differ_in_lightness() -> None:
    """By luminance in sRGB, as a print without colour shows them; dashes and markers differ besides."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = [weights @ [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)] for color in COLORS]
    assert min(abs(np.diff(light))) > 0.05


def test_without_matplotlib_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"pip install 'eqsolve\[plot\]'"):
        draw([curve(line([1]))], LOOK, "svg")


def test_a_png_has_the_size_that_was_asked_for() -> None:
    from PIL import Image

    data = draw([curve(line([1, 2]))], replace(LOOK, size=(3.5, 2.5)), "png").data
    assert Image.open(BytesIO(data)).size == (700, 500)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The figures that are drawn, as matplotlib holds them."""
    from matplotlib.figure import Figure

    figures: list[Any] = []
    save = Figure.savefig

    def keep(figure: Any, *arguments: Any, **options: Any) -> None:
        figures.append(figure)
        save(figure, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    return figures
