"""What the command line does while a run goes on: progress, trace and signals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from eqsolve import report
from eqsolve.cli.progress import Bar, Estimate, Lines
from eqsolve.cli.signals import STOPPING, Signals
from eqsolve.cli.streams import clear_status, talk, write_logs
from eqsolve.errors import WriteError
from eqsolve.forms.base import Form
from eqsolve.run.hooks import Hooks, Progress
from eqsolve.run.result import Checkpoint, Judged
from eqsolve.store import TraceWriter

#: A run shorter than this, in seconds, is not told of the time limit that holds where none is given.
LONG = 20.0


class RunHooks(Hooks):
    """A trace or checkpoint that cannot be written does not end a run; `failed` says that it happened.

    `resuming`: the checkpoint that the run continues, if that file exists; None where nobody asked for that.
    """

    def __init__(
        self,
        form: Form,
        signals: Signals,
        display: Bar | Lines | None,
        trace: Path | None,
        *,
        resuming: Path | None,
        profiles: bool,
        provenance: bool,
        quiet: bool,
        verbose: bool,
    ) -> None:
        self.failed = False
        self._form = form
        self._signals = signals
        self._display = display
        self._trace_path = trace
        self._trace: TraceWriter | None = None
        self._resuming = resuming
        self._continues_at: int | None = None
        self._keep = None if resuming is None else 0
        self._profiles = profiles
        self._provenance = provenance
        self._quiet = quiet
        self._verbose = verbose
        self._estimate = Estimate()
        self._limit_said = False

    def resumed(self, checkpoint: Checkpoint) -> None:
        """The trace is cut back to what the checkpoint had seen."""
        self._keep = checkpoint.records
        self._continues_at = checkpoint.state["iteration"]
        if self._trace_path is not None and not self._trace_path.exists() and checkpoint.records:
            self._say(f"{self._trace_path}: not there any more; a new trace begins at the checkpoint")

    def started(self) -> None:
        """The loop begins: most kernels are compiled by then."""
        clear_status()
        self._signals.started()
        if self._resuming is not None:
            begins = "not there: the run starts afresh"
            found = None if self._continues_at is None else f"the run continues from iteration {self._continues_at}"
            self._say(f"{self._resuming}: {found or begins}")
        if self._trace_path is not None:
            self._trace = TraceWriter(self._trace_path, self._keep)

    def record(self, measured: Judged) -> None:
        """A measured point: one line of the trace."""
        record = measured.record
        self._estimate.note(record.iteration, record.gap.value)
        if self._verbose:
            self._say(f"iteration {record.iteration}  {record.answer}  {record.concept.gap} {record.gap.value:.6g}")
        if self._trace is not None:
            line = report.record_document(measured, self._form, profile=self._profiles, provenance=self._provenance)
            self._write(partial(self._trace.write, line))

    def progress(self, progress: Progress) -> None:
        """A chunk of steps is done."""
        if progress.limits.implicit_time and progress.elapsed >= LONG and not self._limit_said:
            self._limit_said = True
            limit = progress.limits.time_limit
            self._say(f"no limit given: at most {limit:g} s (--time-limit and --max-iter set others)")
        if self._display is not None:
            left = self._estimate.seconds_left(progress.iteration, progress.elapsed, progress.tolerance)
            self._display.update(progress, left)

    def unsaved(self, error: WriteError) -> None:
        """A checkpoint could not be written: the one before is intact, and the run goes on."""
        talk(f"error: {error.message}; the run goes on")
        self.failed = True

    def signal(self) -> str | None:
        """What a signal asked for."""
        request = self._signals.request()
        if request == "stop":
            self._hide()
            if not self._quiet:
                write_logs(STOPPING)  # on stderr it was said at once
        return request

    def close(self) -> None:
        """The run is over: removes the progress bar and closes the trace."""
        self._hide()
        if self._trace is not None:
            self._write(self._trace.close)

    def _hide(self) -> None:
        if self._display is not None:
            self._display.close()
            self._display = None

    def _write(self, action: Callable[[], None]) -> None:
        """Writes to the trace, and does without it where that fails."""
        try:
            action()
        except WriteError as error:
            talk(f"error: {error.message}; the run goes on without it")
            self.failed = True
            self._trace = None

    def _say(self, line: str) -> None:
        if not self._quiet:
            talk(line)
