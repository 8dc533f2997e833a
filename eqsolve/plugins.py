"""Solvers and families of other packages, by the entry points that they declare: names are listed, nothing is loaded.

A package adds `[project.entry-points."eqsolve.solvers"]` or `"eqsolve.families"` to its pyproject.toml. Its metadata is
looked through only where a name is in no table of ours, or where a list is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from eqsolve.errors import EqsolveError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

SOLVERS = "eqsolve.solvers"
FAMILIES = "eqsolve.families"
WORDS = {SOLVERS: "algorithm", FAMILIES: "kind of game"}


class PluginError(UsageError):
    """Something of another package that cannot be used: it is missing, broken, or not what its entry point says."""


class Offer(NamedTuple):
    """A name that another package offers, with the package's name and version."""

    name: str
    package: str


def offers(group: str) -> list[Offer]:
    """Return the names that installed packages offer in `group`, sorted; nothing of them is imported."""
    from importlib.metadata import entry_points  # 20 ms, which a name of ours need not wait for

    return sorted({Offer(found.name, _package(found)) for found in entry_points(group=group)})


def find(group: str, name: str) -> Any | None:
    """Return what an installed package offers as `name` in `group`, imported; None where none does.

    PluginError, in one line that names the package, where it cannot be imported or several packages offer it.
    """
    from importlib.metadata import entry_points

    found = {(one.value, _package(one)): one for one in entry_points(group=group, name=name)}
    if not found:
        return None
    if len(found) > 1:
        packages = " and ".join(sorted(package for _, package in found))
        raise PluginError(f"the {WORDS[group]} '{name}' is offered by {packages}", "uninstall one of them")
    [one] = found.values()
    with blamed(group, name):
        return one.load()


@contextmanager
def blamed(group: str, name: str) -> Iterator[None]:
    """Turn whatever another package's own code raises within into a PluginError of one line.

    Our own errors pass, and so do those of files and of memory.
    """
    try:
        yield
    except (EqsolveError, OSError, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())[:200]
        raise wrong(group, name, f"{type(error).__name__}{': ' if said else ''}{said}") from error


def wrong(group: str, name: str, message: str) -> PluginError:
    """Return the error that says what is wrong with `name`, and whose it is."""
    packages = " and ".join(offer.package for offer in offers(group) if offer.name == name)
    hint = "this is that package's mistake: --debug shows where, in Python the error's cause does"
    return PluginError(f"the {WORDS[group]} '{name}' of {packages} fails: {message}", hint)


def _package(found: EntryPoint) -> str:
    """Return the package of an entry point, with its version."""
    return f"{found.dist.name} {found.dist.version}" if found.dist is not None else "a package without a name"
