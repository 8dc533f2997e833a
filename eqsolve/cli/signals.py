"""Signals of a run. The first SIGINT or SIGTERM asks it to finish its chunk and to write what it has; the second ends
the process at once. SIGUSR1 asks for a checkpoint. Before the loop begins there is nothing to write: the first ends it,
there and then, since an exception raised in the middle of compiling would be lost or crash the compiler.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any, Self

#: To the start of the line, and clear it: a progress bar may be there.
_CLEAR_LINE = b"\r\x1b[2K"
#: What the first signal makes the run say.
STOPPING = "stopping: writing what there is after this step (once more: end at once)"
#: Shows the cursor again, which a progress bar hides.
_SHOW_CURSOR = b"\x1b[?25h"


class Signals:
    """Handlers for the time of a `with` block; `stopped` is the number of the signal that asked to stop, or None.

    `unanswered` is what goes to stdout where a signal ends the process before there is a result; it may be replaced
    at any time, as more is known.
    """

    def __init__(self, *, quiet: bool = False, unanswered: bytes = b"") -> None:
        self.stopped: int | None = None
        self.unanswered = unanswered
        self._quiet = quiet
        self._running = False
        self._wants_checkpoint = False
        self._before: dict[int, Any] = {}

    def started(self) -> None:
        """From here on there is something to write: a signal is a request."""
        self._running = True

    def request(self) -> str | None:
        """What was asked for since the last call: 'stop', 'checkpoint' or None."""
        if self.stopped is not None:
            return "stop"
        wanted, self._wants_checkpoint = self._wants_checkpoint, False
        return "checkpoint" if wanted else None

    def __enter__(self) -> Self:
        if current_thread() is main_thread():  # handlers belong to the main thread; a host keeps its own
            self._before = {number: signal.signal(number, self._on_stop) for number in (signal.SIGINT, signal.SIGTERM)}
            if hasattr(signal, "SIGUSR1"):
                self._before[signal.SIGUSR1] = signal.signal(signal.SIGUSR1, self._on_checkpoint)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        if not self._running:
            _tell(b"interrupted before the first answer; nothing was written\n", _CLEAR_LINE)
            _put(self.unanswered)
        if self.stopped is not None or not self._running:
            _die(number)
        self.stopped = number
        if not self._quiet:  # here, because some steps take long
            _tell(f"{STOPPING}\n".encode(), _CLEAR_LINE)

    def _on_checkpoint(self, number: int, frame: FrameType | None) -> None:
        self._wants_checkpoint = True


def _die(number: int) -> None:
    """Ends the process here and now, whatever it is in the middle of; files are whole at every moment."""
    _tell(b"", _CLEAR_LINE + _SHOW_CURSOR)
    os._exit(128 + number)


def _tell(line: bytes, terminal: bytes) -> None:
    """Writes to stderr, `terminal` only if it is one, past the buffers that the interrupted code may be filling."""
    with suppress(OSError, ValueError, AttributeError):  # a closed stderr is None
        fd = sys.stderr.fileno()
        os.write(fd, (terminal if os.isatty(fd) else b"") + line)


def _put(data: bytes) -> None:
    """Writes to stdout, past its buffer, which is empty before there is a result."""
    with suppress(OSError, ValueError, AttributeError):
        fd = sys.stdout.fileno()
        while data:
            data = data[os.write(fd, data) :]
