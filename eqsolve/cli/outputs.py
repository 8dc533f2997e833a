"""The files that `eqsolve solve` leaves: what may be overwritten, and how the answers get there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eqsolve.cli.streams import talk
from eqsolve.errors import EqsolveError, UsageError

if TYPE_CHECKING:
    from eqsolve.run.result import Result
    from eqsolve.spec.load import GameSpec


def refuse_shared_names(game: str, start: str | None, outputs: dict[str, Path | None]) -> None:
    """One file cannot be two things at once, and stdout holds the result already."""
    if game == "-" and start == "-":
        raise UsageError("GAME and --start cannot both be standard input")
    taken = {} if game == "-" or game.startswith("@") else {os.path.realpath(game): "GAME"}
    for name, path in outputs.items():
        if path is None:
            continue
        if str(path) == "-":
            raise UsageError(f"{name} -: standard output holds the result already", "name a file")
        other = taken.setdefault(os.path.realpath(path), name)
        if other != name:
            raise UsageError(f"{name} {path}: is the same file as {other}")
    log = outputs.get("--log")  # which is written to at once, when the start was not read yet
    if log is not None and start is not None and os.path.realpath(log) == os.path.realpath(start):
        raise UsageError(f"--log {log}: is the same file as --start")


def is_same_run(out: Path, spec: GameSpec, name: str, values: dict[str, Any], seed: Any) -> bool:
    """Whether the policy file that is there was left by an earlier part of this run."""
    from eqsolve.errors import StoreError
    from eqsolve.run.method import make_solver
    from eqsolve.solvers import find
    from eqsolve.solvers.parameters import used
    from eqsolve.store import read_policy

    try:
        policy = read_policy(out)
    except StoreError:
        return False
    if name == "auto":
        return policy.is_of(spec.hash, seed, requested="auto")
    row = find(name)
    parameters = used(row, make_solver(row, values, spec.form), values, spec.form)
    return policy.is_of(spec.hash, seed, name=row.name, parameters=parameters)


def require_listing(name: str) -> None:
    """UsageError where an algorithm lists no equilibria, which `--save-all` could write."""
    from eqsolve.solvers import SOLVERS, find

    if name != "auto" and hasattr(find(name).load(), "enumeration"):
        return
    what = "auto" if name == "auto" else find(name).name
    listing = ", ".join(row.name for row in SOLVERS.values() if hasattr(row.load(), "enumeration"))
    raise UsageError(f"--save-all: {what} looks for one equilibrium", f"these list several: {listing}")


def written(
    result: Result,
    spec: GameSpec,
    run: Any,
    *,
    out: Path | None,
    replace_out: bool,
    folder: Path | None,
    replace_folder: bool,
    quiet: bool,
) -> EqsolveError | None:
    """Write the policy files; a failure is handed back, so that the result is printed all the same."""
    from eqsolve.store import write_all, write_policy

    try:
        left_out = None
        if out is not None and result.judged is not None:
            left_out = write_policy(out, result, spec, force=replace_out, run=run)
        elif out is not None:
            talk(f"{out}: not written: there is no answer")
        if folder is not None:
            left_out = write_all(folder, result, spec, force=replace_folder, run=run) or left_out
        if left_out is not None and not quiet:
            talk(left_out)
    except EqsolveError as error:
        return error
    return None
