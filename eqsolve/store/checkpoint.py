"""Checkpoints: the solver's state and the best answer measured so far, exactly as they were.

`.npz` entries: `state:NAME` for each array of the state, `best:policy_i` and `best:values|best_values|regrets` for the
best answer; of a joint distribution `best:actions|probabilities` and `best:values|ce_regrets|cce_regrets`. Numbers of
the state are kept in `meta`, where JSON repeats Python's integers and floats digit for digit. `meta` also holds a
digest of all the rest: a file in which a bit has changed is refused. It is no signature, so a run judges the best
answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from eqsolve.errors import CheckpointError, StoreError
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.metrics.figures import BY_NAME
from eqsolve.metrics.gap import Gap
from eqsolve.run.options import RunOptions
from eqsolve.run.result import Checkpoint, Clocks, Judged, Measured, Record, is_joint
from eqsolve.store.archive import content_digest, pack, read_meta, unpack
from eqsolve.store.atomic import read_bytes, write_bytes


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ClocksMeta(_Block):
    """Seconds on the clocks."""

    work: float
    check: float
    load: float
    read: float = 0.0


class BestMeta(_Block):
    """The record of the best answer but for its arrays.

    `policies` counts those of a profile; a joint distribution has none. `low`, `high`: the bounds of its gap.
    `measured`: its figures that are numbers; `arrays` names the others.
    """

    policies: int
    iteration: int
    answer: str
    polished: bool
    concept: Concept
    low: float
    high: float
    measured: dict[str, float | None]
    arrays: list[str]
    clocks: ClocksMeta
    figures: dict[str, float] = {}


class CheckpointMeta(_Block):
    """What a checkpoint says of its run, beside the arrays."""

    format: Literal["eqsolve.checkpoint/4"] = "eqsolve.checkpoint/4"
    numbers: dict[str, bool | int | float]
    arrays: list[str]
    best: BestMeta | None
    records: int
    clocks: ClocksMeta
    game_hash: str
    algorithm: str
    parameters: dict[str, Any]
    options: RunOptions
    start_digest: str | None
    digest: str = ""


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Replaces `path` by this checkpoint, whole or not at all."""
    arrays = {name: value for name, value in checkpoint.state.items() if isinstance(value, np.ndarray)}
    numbers = {name: value for name, value in checkpoint.state.items() if name not in arrays}
    entries = {f"state:{name}": value for name, value in arrays.items()}
    best = checkpoint.best
    if best is not None:
        entries |= {f"best:{name}": array for name, array in _arrays(best).items()}
    meta = CheckpointMeta(
        numbers=numbers,
        arrays=list(arrays),
        best=None if best is None else _best_meta(best),
        records=checkpoint.records,
        clocks=_clocks_meta(checkpoint.clocks),
        game_hash=checkpoint.game_hash,
        algorithm=checkpoint.algorithm,
        parameters=dict(checkpoint.parameters),
        options=checkpoint.options,
        start_digest=checkpoint.start_digest,
    )
    document = meta.model_dump(exclude={"digest"})
    write_bytes(path, pack(entries, document | {"digest": content_digest(entries, document)}))


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in `path`; StoreError where it is missing, damaged or something else. Arrays are writable."""
    origin = str(path)
    arrays = unpack(read_bytes(path), origin)
    meta = read_meta(arrays, CheckpointMeta, origin)
    if content_digest(arrays, meta.model_dump(exclude={"digest"})) != meta.digest:
        raise CheckpointError(f"{origin}: damaged or altered: its content does not have the digest written in it")
    state: dict[str, Any] = dict(meta.numbers)
    state |= {name: _entry(arrays, f"state:{name}", origin).copy() for name in meta.arrays}
    return Checkpoint(
        state=state,
        best=_best(meta, arrays, origin),
        records=meta.records,
        clocks=_clocks(meta.clocks),
        game_hash=meta.game_hash,
        algorithm=meta.algorithm,
        parameters=meta.parameters,
        options=meta.options,
        start_digest=meta.start_digest,
    )


_JOINT = ("actions", "probabilities")


def _arrays(best: Judged) -> dict[str, NDArray[Any]]:
    """All arrays of the best answer and of its record, by name."""
    figures = {name: found for name, found in best.record.measured.items() if isinstance(found, np.ndarray)}
    if is_joint(best):
        return {name: getattr(best.answer, name) for name in _JOINT} | figures
    return {f"policy_{i}": policy for i, policy in enumerate(best.answer)} | figures


def _best_meta(best: Judged) -> BestMeta:
    record = best.record
    numbers, arrays = dict[str, float | None](), list[str]()
    for name, found in record.measured.items():
        if isinstance(found, np.ndarray):
            arrays.append(name)
        else:
            numbers[name] = found
    return BestMeta(
        policies=0 if is_joint(best) else len(best.answer),
        iteration=record.iteration,
        answer=record.answer,
        polished=record.polished,
        concept=record.concept,
        low=record.gap.low,
        high=record.gap.high,
        measured=numbers,
        arrays=arrays,
        clocks=_clocks_meta(record.clocks),
        figures=dict(record.figures),
    )


def _best(meta: CheckpointMeta, arrays: Mapping[str, NDArray[Any]], origin: str) -> Judged | None:
    if (best := meta.best) is None:
        return None

    if strange := [name for name in best.arrays if name not in BY_NAME or not BY_NAME[name].per_player]:
        raise StoreError(f"{origin}: damaged: `{strange[0]}` is no figure of players")

    def taken(names: Iterable[str]) -> dict[str, NDArray[Any]]:
        return {name: _entry(arrays, f"best:{name}", origin) for name in names}

    record = Record(
        iteration=best.iteration,
        answer=best.answer,
        polished=best.polished,
        gap=Gap(best.concept, best.low, best.high),
        measured=best.measured | taken(best.arrays),
        clocks=_clocks(best.clocks),
        figures=best.figures,
    )
    if best.concept.is_joint:
        return Measured(Joint(**taken(_JOINT)), record)
    return Measured(tuple(taken(f"policy_{i}" for i in range(best.policies)).values()), record)


def _entry(arrays: Mapping[str, NDArray[Any]], name: str, origin: str) -> NDArray[Any]:
    if name not in arrays:
        raise StoreError(f"{origin}: damaged: entry `{name}` is missing")
    return arrays[name]


def _clocks_meta(clocks: Clocks) -> ClocksMeta:
    return ClocksMeta(work=clocks.work, check=clocks.check, load=clocks.load, read=clocks.read)


def _clocks(meta: ClocksMeta) -> Clocks:
    return Clocks(meta.work, meta.check, meta.load, meta.read)
