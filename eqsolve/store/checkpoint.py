"""Checkpoints: the solver's state and the best answer measured so far, exactly as they were.

`.npz` entries: `state:NAME` for each array of the state, `best:policy_i` and `best:values|best_values|regrets` for the
best answer. Numbers of the state are kept in `meta`, where JSON repeats Python's integers and floats digit for digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from eqsolve.errors import StoreError
from eqsolve.metrics.deviations import Deviations
from eqsolve.result import Checkpoint, Clocks, Measured, Record
from eqsolve.store.archive import pack, read_meta, unpack
from eqsolve.store.atomic import read_bytes, write_bytes


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ClocksMeta(_Block):
    """Seconds on the three clocks."""

    work: float
    check: float
    load: float


class BestMeta(_Block):
    """The record of the best answer but for its arrays; `policies` counts them."""

    policies: int
    iteration: int
    answer: str
    polished: bool
    max_regret: float
    potential: float | None
    cce_gap: float | None
    clocks: ClocksMeta


class CheckpointMeta(_Block):
    """What a checkpoint says of its run, beside the arrays."""

    format: Literal["eqsolve.checkpoint/1"] = "eqsolve.checkpoint/1"
    numbers: dict[str, bool | int | float]
    arrays: list[str]
    best: BestMeta | None
    records: int
    clocks: ClocksMeta
    game_hash: str
    algorithm: str
    parameters: dict[str, Any]
    seed: int
    start_digest: str | None


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Replaces `path` by this checkpoint, whole or not at all."""
    arrays = {name: value for name, value in checkpoint.state.items() if isinstance(value, np.ndarray)}
    numbers = {name: value for name, value in checkpoint.state.items() if name not in arrays}
    entries = {f"state:{name}": value for name, value in arrays.items()}
    best = checkpoint.best
    if best is not None:
        entries |= {f"best:policy_{i}": policy for i, policy in enumerate(best.profile)}
        entries |= {f"best:{name}": getattr(best.record.deviations, name) for name in _FIGURES}
    meta = CheckpointMeta(
        numbers=numbers,
        arrays=list(arrays),
        best=None if best is None else _best_meta(best),
        records=checkpoint.records,
        clocks=_clocks_meta(checkpoint.clocks),
        game_hash=checkpoint.game_hash,
        algorithm=checkpoint.algorithm,
        parameters=dict(checkpoint.parameters),
        seed=checkpoint.seed,
        start_digest=checkpoint.start_digest,
    )
    write_bytes(path, pack(entries, meta.model_dump()))


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in `path`; StoreError where it is missing, damaged or something else. Arrays are writable."""
    origin = str(path)
    arrays = unpack(read_bytes(path), origin)
    meta = read_meta(arrays, CheckpointMeta, origin)
    state: dict[str, Any] = dict(meta.numbers)
    state |= {name: _entry(arrays, f"state:{name}", origin).copy() for name in meta.arrays}
    return Checkpoint(
        state=state,
        best=None if meta.best is None else _best(meta.best, arrays, origin),
        records=meta.records,
        clocks=_clocks(meta.clocks),
        game_hash=meta.game_hash,
        algorithm=meta.algorithm,
        parameters=meta.parameters,
        seed=meta.seed,
        start_digest=meta.start_digest,
    )


_FIGURES = ("values", "best_values", "regrets")


def _best_meta(best: Measured) -> BestMeta:
    record = best.record
    return BestMeta(
        policies=len(best.profile),
        iteration=record.iteration,
        answer=record.answer,
        polished=record.polished,
        max_regret=record.deviations.max_regret,
        potential=record.potential,
        cce_gap=record.cce_gap,
        clocks=_clocks_meta(record.clocks),
    )


def _best(meta: BestMeta, arrays: Mapping[str, NDArray[Any]], origin: str) -> Measured:
    values, best_values, regrets = (_entry(arrays, f"best:{name}", origin) for name in _FIGURES)
    return Measured(
        profile=tuple(_entry(arrays, f"best:policy_{i}", origin) for i in range(meta.policies)),
        record=Record(
            iteration=meta.iteration,
            answer=meta.answer,
            polished=meta.polished,
            deviations=Deviations(values, best_values, regrets, meta.max_regret),
            potential=meta.potential,
            cce_gap=meta.cce_gap,
            clocks=_clocks(meta.clocks),
        ),
    )


def _entry(arrays: Mapping[str, NDArray[Any]], name: str, origin: str) -> NDArray[Any]:
    if name not in arrays:
        raise StoreError(f"{origin}: damaged: entry `{name}` is missing")
    return arrays[name]


def _clocks_meta(clocks: Clocks) -> ClocksMeta:
    return ClocksMeta(work=clocks.work, check=clocks.check, load=clocks.load)


def _clocks(meta: ClocksMeta) -> Clocks:
    return Clocks(meta.work, meta.check, meta.load)
