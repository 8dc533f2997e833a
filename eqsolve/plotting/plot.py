"""Figures of curves as SVG, PDF or PNG: the same bytes for the same curves, whatever the display and the settings.

Lines differ in colour, dash and marker at once, so that a figure can be read by the colour-blind and in print without
colour. Colours are those of Okabe and Ito 2008, less the yellow, which is too light for a line on white.

A logarithmic axis has no place for what is not positive. Such points are not moved: the line has a gap there, and a
triangle at the edge of the axes marks where; a band whose lower edge is not positive reaches down to the edge.
`Drawn.notes` says so. matplotlib is an extra and loads when something is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array
from eqsolve.plotting.curves import Curve, Series
from eqsolve.plotting.figures import Scale
from eqsolve.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ("#0072B2", "#D55E00", "#000000", "#56B4E9", "#009E73", "#CC79A7", "#E69F00")
#: Five dashes and six markers against seven colours: 210 curves before two look the same.
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1.5, 1, 1.5)), (0, (8, 2)))
MARKERS = ("o", "s", "^", "D", "v", "X")
#: More labels than this stand beside the axes, where they hide no line.
INSIDE = 6

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # it comes with matplotlib: the same letters on every machine
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.formatter.limits": (-2, 5),
    "axes.formatter.use_mathtext": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "lines.linewidth": 1.4,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "legend.fontsize": 8,
    "legend.handlelength": 3.2,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,  # letters as TrueType, which publishers ask for
    "svg.hashsalt": "eqsolve",
}
#: Without dates and versions.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "eqsolve"},
    "pdf": {"CreationDate": None, "Creator": "eqsolve", "Producer": None},
    "png": {"Software": None},
}


@dataclass(frozen=True)
class Look:
    """What the axes say, units included, their scale, the figure's size in inches.

    `x_unit` stands with the numbers of the horizontal axis, as in 5 ms; without one they are whole.
    """

    x: str
    y: str
    scale: Scale
    x_unit: str = ""
    size: tuple[float, float] = (5.0, 3.2)
    title: str = ""


@dataclass(frozen=True)
class Drawn:
    """A file's bytes, and in words what the axes could not show."""

    data: bytes
    notes: tuple[str, ...]


def require_matplotlib() -> None:
    """UsageError where there is none."""
    if find_spec("matplotlib") is None:
        raise UsageError("drawing needs matplotlib: pip install 'eqsolve[plot]'")


def draw(curves: Sequence[Curve], look: Look, file_format: str) -> Drawn:
    """The figure as bytes of `file_format`, one of FORMATS. UsageError without matplotlib, or a point to show."""
    require_matplotlib()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure = Figure(figsize=look.size)
        axes = figure.subplots()
        _axes(axes, look)
        notes = _content(axes, curves, look.scale)
        if len(curves) > 1 or curves[0].legend != curves[0].label:
            _legend(figure, axes, curves)
        buffer = BytesIO()
        figure.savefig(buffer, format=file_format, metadata=METADATA[file_format])
    return Drawn(buffer.getvalue(), notes)


def _axes(axes: Axes, look: Look) -> None:
    """Titles, scales and numbers of the axes."""
    from matplotlib.ticker import EngFormatter, NullFormatter

    axes.set_xlabel(look.x)
    axes.set_ylabel(look.y)
    if look.title:
        axes.set_title(printable(look.title), parse_math=False, fontsize=10)
    if look.scale != Scale.LINEAR:
        axes.set_yscale("log")
    if look.scale == Scale.LOG_LOG:
        axes.set_xscale("log")
    else:
        axes.locator_params(axis="x", nbins=7, integer=not look.x_unit)
    if look.x_unit:
        axes.xaxis.set_major_formatter(EngFormatter(look.x_unit))
        axes.xaxis.set_minor_formatter(NullFormatter())


def _legend(figure: Any, axes: Axes, curves: Sequence[Curve]) -> None:
    handles, numbers = axes.get_legend_handles_labels()
    if len(curves) > INSIDE:
        legend = figure.legend(handles, numbers, loc="outside right upper")
    else:
        legend = axes.legend(handles, numbers, loc="best")
    # Lines were labelled by numbers: a label of the user's may begin with _, which hides it, or hold a formula's $.
    for text, curve in zip(legend.get_texts(), curves, strict=True):
        text.set_parse_math(False)
        text.set_text(printable(curve.legend))


def _content(axes: Axes, curves: Sequence[Curve], scale: Scale) -> tuple[str, ...]:
    """Lines, bands and marks of every curve; returns what the scale hides."""
    log_x, log_y = scale == Scale.LOG_LOG, scale != Scale.LINEAR
    low, high = np.inf, -np.inf
    hidden_x = hidden_y = reaching = 0
    for k, curve in enumerate(curves):
        for j, line in enumerate(curve.lines):
            right = line.x > 0 if log_x else np.isfinite(line.x)
            visible = right & (line.y > 0 if log_y else np.isfinite(line.y))
            beyond = right & ~visible
            hidden_x += int((~right).sum())
            hidden_y += int(beyond.sum())
            _line(axes, line, visible, k, str(k) if j == 0 else None, thin=len(curve.lines) > 1)
            _marks(axes, line.x[beyond], k)
            if visible.any():
                upper = line.y if line.spread is None else line.y + line.spread
                low, high = min(low, float(line.y[visible].min())), max(high, float(upper[visible].max()))
            if line.spread is not None and log_y:
                reaching += int((visible & (line.y <= line.spread)).sum())
    if low > high:
        raise UsageError("no point can be shown: a log axis needs positive numbers", "--scale linear shows the others")
    if log_y:
        # by the lines, not the bands: mean − deviation may be as near to zero as it likes
        margin = (high / low) ** 0.05 if high > low else 2.0
        axes.set_ylim(low / margin, high * margin)
    notes = []
    if hidden_y:
        notes.append(f"{hidden_y} point(s) of at most 0 are not on the log axis; triangles at its foot mark them")
    if hidden_x:
        notes.append(f"{hidden_x} point(s) at 0 are not on the horizontal log axis and are left out")
    if reaching:
        notes.append(f"at {reaching} point(s) mean − deviation is at most 0, and the band reaches down to the axis")
    return tuple(notes)


def _line(axes: Axes, line: Series, visible: NDArray[np.bool_], k: int, label: str | None, *, thin: bool) -> None:
    """One line, with gaps where it is not visible, and its band."""
    color = COLORS[k % len(COLORS)]
    count = int(visible.sum())
    axes.plot(
        line.x,
        np.where(visible, line.y, np.nan),
        label=label,
        color=color,
        linestyle=DASHES[k % len(DASHES)],
        linewidth=0.7 if thin else 1.4,
        # a few of them, each curve's at places of its own; among many runs they would only hide one another
        marker="" if thin and count > 1 else MARKERS[k % len(MARKERS)],
        markersize=3.5,
        markevery=1 if count <= 12 else (k % 5, -(-count // 8)),
    )
    if line.spread is not None:
        lower, upper = line.y - line.spread, line.y + line.spread
        if axes.get_yscale() == "log":
            lower = np.maximum(lower, np.finfo(float).tiny)
        axes.fill_between(line.x, lower, upper, where=visible.tolist(), color=color, alpha=0.18, linewidth=0)


def _marks(axes: Axes, x: Array, k: int) -> None:
    """Triangles at the foot of the axes: there the curve has a point that the axis cannot show."""
    foot = axes.get_xaxis_transform()
    axes.plot(
        x, np.zeros(x.size), "v", color=COLORS[k % len(COLORS)], markersize=4, clip_on=False, transform=foot, zorder=4
    )
