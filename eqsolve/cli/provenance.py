"""How and where a run was made: the `run` block of results and policy files, which differs from run to run."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eqsolve import __version__
from eqsolve.run.result import Clocks


class Provenance:
    """Notes the start when made; `block` adds the rest at the end."""

    def __init__(self) -> None:
        self.start = datetime.now(UTC)

    def block(self, clocks: Clocks | None) -> dict[str, Any]:
        """Seconds (null where nothing was solved), versions of what took part, machine, times and arguments."""
        return {
            "work_seconds": clocks.work if clocks else None,
            "check_seconds": clocks.check if clocks else None,
            "finish_seconds": clocks.finish if clocks else None,
            "load_seconds": clocks.load if clocks else None,
            "reading_seconds": clocks.read if clocks else None,
            "versions": _versions(),
            "cpu": _cpu(),
            "host": platform.node(),
            "start": self.start.isoformat(timespec="milliseconds"),
            "end": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "argv": sys.argv[1:],
        }


def _versions() -> Mapping[str, str]:
    loaded = ((name, sys.modules.get(name)) for name in ("numpy", "numba", "scipy", "highspy"))
    others = {name: getattr(module, "__version__", "unknown") for name, module in loaded if module is not None}
    return {"eqsolve": __version__, "python": platform.python_version(), **others}


def _cpu() -> str:
    """The processor's name; Linux tells it in a file only."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
