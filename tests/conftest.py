"""What all tests share: one folder of compiled kernels per run, words on how long it takes; how much is drawn.

EQSOLVE_FUZZ=10 draws ten times as many random games, and other ones every time.
"""

from __future__ import annotations

import os
import tempfile
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings

FUZZ = int(os.environ.get("EQSOLVE_FUZZ", "1"))

_COMMON = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("usual", _COMMON, max_examples=40, derandomize=True)
settings.register_profile("fuzz", _COMMON, max_examples=40 * FUZZ)
settings.load_profile("usual" if FUZZ == 1 else "fuzz")

#: Marker expression of a tier -> minutes that all its tests take on two cores, from an empty folder of kernels.
MINUTES = {"not benchmark and not slow": 5, "slow": 20}


def pytest_configure(config: pytest.Config) -> None:
    """Let all processes of this run share one folder of compiled kernels, and later runs, too.

    A kernel is compiled when a test first calls it: so tests begin at once, and a few of them need few kernels.
    """
    if "EQSOLVE_CACHE_DIR" not in os.environ:
        kept = config.pluginmanager.hasplugin("cacheprovider")
        folder = str(config.cache.mkdir("kernels")) if kept else tempfile.mkdtemp()
        os.chmod(folder, 0o700)  # where groups may write by default it would be refused
        os.environ["EQSOLVE_CACHE_DIR"] = folder
    config.pluginmanager.register(Compiling(config), "compiling")


class Compiling:
    """Says on stderr, whatever pytest captures, which kernel this process compiles and how many it compiled so far."""

    #: Seconds between two lines: a run compiles about a hundred kernels, and most take a second or less.
    PAUSE = 10.0

    def __init__(self, config: pytest.Config) -> None:
        capture = config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            self.stderr = os.dup(2)
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        self.count = 0
        self.next = 0.0

    def heard(self, kernel: str, kept: bool) -> None:
        """Write a line before `kernel` is compiled, at most one in `PAUSE` seconds."""
        self.count += 1
        if monotonic() >= self.next:
            self.next = monotonic() + self.PAUSE
            whose = f"[{self.worker}] " if self.worker else ""
            os.write(self.stderr, f"\n{whose}compiling kernel {self.count} of this process: {kernel}\n".encode())

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        from eqsolve.kernels import on_compile

        on_compile.append(self.heard)

    @pytest.hookimpl
    def pytest_unconfigure(self) -> None:
        from eqsolve.kernels import on_compile

        on_compile.remove(self.heard)
        os.close(self.stderr)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say how long all tests of a tier take, and how many kernels are there already."""
    from eqsolve.kernels.cache import cache_folder

    folder = cache_folder()
    kept = 0 if folder is None else len(list(folder.rglob("*.nbi")))
    lines = [f"kernels: {kept} kept in {os.environ['EQSOLVE_CACHE_DIR']}; the others are compiled as tests call them"]
    minutes = MINUTES.get(config.option.markexpr)
    if minutes and config.args_source is config.ArgsSource.TESTPATHS:
        lines.append(f"tests: about {minutes} minutes on two cores, less where kernels are kept from an earlier run")
    return lines
