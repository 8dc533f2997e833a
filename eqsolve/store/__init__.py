"""Files that a run reads and leaves: policies, checkpoints and traces.

Arrays are kept as `.npz` without pickles; every file but the streaming trace is written beside its target, synced
and renamed, so that a reader finds the old file or the new one and never half of either.
"""

from __future__ import annotations

from eqsolve.store.atomic import check_target, write_bytes, write_text
from eqsolve.store.checkpoint import read_checkpoint, write_checkpoint
from eqsolve.store.folder import check_folder, write_all
from eqsolve.store.policy import PolicyFile, read_policy, rebuild, write_policy
from eqsolve.store.trace import Trace, TraceWriter, read_trace

__all__ = [
    "PolicyFile",
    "Trace",
    "TraceWriter",
    "check_folder",
    "check_target",
    "read_checkpoint",
    "read_policy",
    "read_trace",
    "rebuild",
    "write_all",
    "write_bytes",
    "write_checkpoint",
    "write_policy",
    "write_text",
]
