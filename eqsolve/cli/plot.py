"""`eqsolve plot`: figures of traces."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eqsolve.cli.options import Debug
from eqsolve.cli.streams import say
from eqsolve.errors import UsageError
from eqsolve.plotting.figures import FALLING, FORMATS, HORIZONTAL, L1, SHOWN, UNITS, VERTICAL, Over, Scale
from eqsolve.printable import printable

if TYPE_CHECKING:
    from eqsolve.store import Trace

#: How many of a unit of --size an inch has, and the sides that make a figure, in inches.
IN_AN_INCH = {"in": 1.0, "cm": 2.54, "mm": 25.4}
SIDES = (1.0, 50.0)
#: How a trace comes to end in the middle of a line.
WHY_CUT = "its run was killed there, or is writing it"


def _figure_names() -> list[str]:
    return list(SHOWN)


def plot(
    traces: Annotated[
        list[str] | None, typer.Argument(metavar="TRACE", help="Traces of solve --trace, or - for stdin.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="The figure: .svg, .pdf or .png. Required.")
    ] = None,
    figure: Annotated[
        str,
        typer.Option(
            "--figure",
            "-f",
            metavar="NAME",
            help=f"{', '.join(SHOWN)} (of solve --trace-profiles), or a figure of the method's own.",
            autocompletion=_figure_names,
        ),
    ] = "nash_gap",
    over: Annotated[
        Over, typer.Option("--over", help="The horizontal axis; seconds are those of the solver's steps.")
    ] = Over.ITERATIONS,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", "-l", metavar="NAME", help="One per TRACE, in order; default: the file's name."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="NAME=FILES", help="One label for all files of a pattern; may be repeated."
        ),
    ] = None,
    runs: Annotated[
        bool, typer.Option("--runs", help="Draw every run of a label, instead of mean ± standard deviation.")
    ] = False,
    scale: Annotated[
        Scale | None, typer.Option("--scale", help="Default: log for gaps and regrets, linear for the others.")
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="A title above the axes.")] = "",
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Width and height: 5x3.2 inches, 12x8cm or 84x60mm.")
    ] = "5x3.2",
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    debug: Debug = False,
) -> None:
    """Draw a figure of traces.

    One curve per TRACE. Traces of one label become their mean ± one standard deviation, at the points that all of them
    measured. What the figure shows is printed.

    \b
    eqsolve plot run.jsonl -o gap.svg
    eqsolve plot a.jsonl b.jsonl --over seconds --scale log-log -o gap.pdf
    eqsolve plot -g INPG='inpg-*.jsonl' -g IPG='ipg-*.jsonl' -f l1 -o l1.png
    """
    target, file_format = _target(out)
    inches = _inches(size)
    files = [*_named(traces or [], label or []), *_grouped(group or [])]
    _require_distinct([source for _, source in files], target)

    from eqsolve.plotting.curves import curve
    from eqsolve.plotting.plot import Look, draw, require_matplotlib
    from eqsolve.store import check_target, read_trace, write_bytes

    require_matplotlib()
    check_target(target, force=force)
    runs_of: dict[str, list[Trace]] = {}
    for name, source in files:
        runs_of.setdefault(name, []).append(read_trace(source, profiles=figure == L1))
    curves = [curve(name, group, figure, over, each_run=runs) for name, group in runs_of.items()]
    chosen = scale or (Scale.LOG if figure in FALLING else Scale.LINEAR)
    look = Look(
        HORIZONTAL[over], VERTICAL.get(figure, f"{figure}, computed by the method"), chosen, UNITS[over], inches, title
    )
    drawn = draw(curves, look, file_format)
    write_bytes(target, drawn.data)
    lines = [("figure", str(target)), ("shows", f"{figure} over {over}, {chosen} scale")]
    lines += [("curve", f"{one.label}: {one.says}") for one in curves]
    lines += [("note", note) for note in drawn.notes]
    cut = [trace.origin for group in runs_of.values() for trace in group if trace.cut_short]
    lines += [("note", f"{origin}: its last line is cut short and is left out: {WHY_CUT}") for origin in cut]
    say("\n".join(f"{word:<9}{printable(text)}" for word, text in lines))


def _target(out: Path | None) -> tuple[Path, str]:
    """Where the figure goes, and its format by the suffix."""
    if out is None:
        raise UsageError("where should the figure go?", f"-o FILE, one of {', '.join('.' + f for f in FORMATS)}")
    if str(out) == "-":
        raise UsageError("--out -: standard output tells what the figure shows", "name a file")
    file_format = out.suffix.lower().removeprefix(".")
    if file_format not in FORMATS:
        raise UsageError(f"--out {out}: expected a name that ends in {', '.join('.' + f for f in FORMATS)}")
    return out, file_format


def _inches(size: str) -> tuple[float, float]:
    """Width and height of `5x3.2`, `12x8cm` or `84x60mm`."""
    match = re.fullmatch(r"\s*(\d*\.?\d+)\s*[x×]\s*(\d*\.?\d+)\s*(in|cm|mm|)\s*", size)
    if match is None:
        raise UsageError(f"--size: expected width x height such as 5x3.2, 12x8cm or 84x60mm, got '{size}'")
    width, height = (float(side) / IN_AN_INCH[match[3] or "in"] for side in match.group(1, 2))
    if not all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise UsageError(f"--size: expected sides of {SIDES[0]:g} to {SIDES[1]:g} inches, got '{size}'")
    return width, height


def _named(traces: Sequence[str], labels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(label, file) of each trace. Default labels tell files apart that differ only in their folder."""
    if labels and len(labels) != len(traces):
        raise UsageError(f"--label: expected one per TRACE ({len(traces)}), got {len(labels)}")
    if not all(labels):
        raise UsageError("--label: expected a name, got ''")
    stems = [Path(source).stem if source != "-" else "standard input" for source in traces]
    for k, source in enumerate(traces):
        if labels:
            yield labels[k], source
        else:
            yield stems[k] if stems.count(stems[k]) == 1 else source, source


def _grouped(groups: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(label, file) of each file that the pattern of a group finds, in the order of their names."""
    for text in groups:
        name, _, pattern = text.partition("=")
        if not name or not pattern:
            raise UsageError(f"--group: expected NAME=FILES, got '{text}'", "such as --group INPG='inpg-*.jsonl'")
        found = sorted(glob(pattern))
        if not found:
            raise UsageError(f"--group {name}: no file is called {pattern}")
        yield from ((name, source) for source in found)


def _require_distinct(sources: Sequence[str], target: Path) -> None:
    """A trace counts once, and no figure replaces one."""
    if not sources:
        raise UsageError("there is nothing to draw: no trace is named", "eqsolve solve GAME --trace FILE writes one")
    real = [source if source == "-" else os.path.realpath(source) for source in sources]
    for k, source in enumerate(sources):
        if real[k] in real[:k]:
            raise UsageError(f"{source}: is named twice; a run counts once")
    if os.path.realpath(target) in real:
        raise UsageError(f"--out {target}: is one of the traces")
