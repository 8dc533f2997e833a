"""What all tests share: one folder of compiled kernels per run, filled before any worker starts; how much is drawn.

EQSOLVE_FUZZ=10 draws ten times as many random games, and other ones every time. EQSOLVE_WARMUP=0 compiles only those
kernels that the chosen tests call, when they call them: quicker for a few tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest
from hypothesis import HealthCheck, settings

FUZZ = int(os.environ.get("EQSOLVE_FUZZ", "1"))

_COMMON = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("usual", _COMMON, max_examples=40, derandomize=True)
settings.register_profile("fuzz", _COMMON, max_examples=40 * FUZZ)
settings.load_profile("usual" if FUZZ == 1 else "fuzz")


def pytest_configure(config: pytest.Config) -> None:
    """Compile every kernel once, into a folder that all processes of this run use (and later runs of one tree)."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    if "EQSOLVE_CACHE_DIR" not in os.environ:
        kept = config.pluginmanager.hasplugin("cacheprovider")
        folder = str(config.cache.mkdir("kernels")) if kept else tempfile.mkdtemp()
        os.chmod(folder, 0o700)  # where groups may write by default it would be refused
        os.environ["EQSOLVE_CACHE_DIR"] = folder
    if os.environ.get("EQSOLVE_WARMUP", "1") != "0":
        # should it fail, the test of warmup says so
        subprocess.run([sys.executable, "-c", "from eqsolve.api import warmup; warmup()"], check=False)
