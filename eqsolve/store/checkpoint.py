"""Checkpoints: the solver's state and the best answer measured so far, exactly as they were.

`.npz` entries: `state:NAME` for each array of the state, `best:policy_i` and `best:values|best_values|regrets` for the
best answer; of a joint distribution `best:actions|probabilities` and `best:values|ce_regrets|cce_regrets`. Numbers of
the state are kept in `meta`, where JSON repeats Python's integers and floats digit for digit. `meta` also holds a
digest of all the rest: a file in which a bit has changed is refused. It is no signature, so a run judges the best
answer again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from eqsolve.errors import CheckpointError, StoreError
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.metrics.correlated import JointDeviations
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.quantal import QuantalDeviation
from eqsolve.run.options import RunOptions
from eqsolve.run.result import Checkpoint, Clocks, JointRecord, Judged, Measured, MeasuredJoint, Record
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


class QuantalMeta(_Block):
    """The precision of the logit responses asked for, and the distance to them."""

    precision: float
    gap: float


class BestMeta(_Block):
    """The record of the best answer but for its arrays; `policies` counts them."""

    policies: int
    iteration: int
    answer: str
    polished: bool
    max_regret: float
    exploitability: float | None = None
    potential: float | None
    cce_gap: float | None
    clocks: ClocksMeta
    figures: dict[str, float] = {}
    ce_gap: float | None = None
    quantal: QuantalMeta | None = None


class BestJointMeta(_Block):
    """The record of the best answer, a joint distribution, but for its arrays."""

    iteration: int
    answer: str
    concept: Concept
    clocks: ClocksMeta


class CheckpointMeta(_Block):
    """What a checkpoint says of its run, beside the arrays."""

    format: Literal["eqsolve.checkpoint/3"] = "eqsolve.checkpoint/3"
    numbers: dict[str, bool | int | float]
    arrays: list[str]
    best: BestMeta | None
    best_joint: BestJointMeta | None = None
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
    if isinstance(best, Measured):
        entries |= {f"best:policy_{i}": policy for i, policy in enumerate(best.profile)}
        entries |= {f"best:{name}": getattr(best.record.deviations, name) for name in _FIGURES}
    elif best is not None:
        entries |= {f"best:{name}": getattr(best.joint, name) for name in _JOINT}
        entries |= {f"best:{name}": getattr(best.record.deviations, name) for name in _JOINT_FIGURES}
    meta = CheckpointMeta(
        numbers=numbers,
        arrays=list(arrays),
        best=_best_meta(best) if isinstance(best, Measured) else None,
        best_joint=_best_joint_meta(best) if isinstance(best, MeasuredJoint) else None,
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


_FIGURES = ("values", "best_values", "regrets")
_JOINT, _JOINT_FIGURES = ("actions", "probabilities"), ("values", "ce_regrets", "cce_regrets")


def _best_meta(best: Measured) -> BestMeta:
    record = best.record
    return BestMeta(
        policies=len(best.profile),
        iteration=record.iteration,
        answer=record.answer,
        polished=record.polished,
        max_regret=record.deviations.max_regret,
        exploitability=record.deviations.exploitability,
        potential=record.potential,
        cce_gap=record.cce_gap,
        clocks=_clocks_meta(record.clocks),
        figures=dict(record.figures),
        ce_gap=record.ce_gap,
        quantal=None if (far := record.quantal) is None else QuantalMeta(precision=far.precision, gap=far.gap),
    )


def _best_joint_meta(best: MeasuredJoint) -> BestJointMeta:
    record = best.record
    return BestJointMeta(
        iteration=record.iteration, answer=record.answer, concept=record.concept, clocks=_clocks_meta(record.clocks)
    )


def _best(meta: CheckpointMeta, arrays: Mapping[str, NDArray[Any]], origin: str) -> Judged | None:
    def taken(names: tuple[str, ...]) -> list[NDArray[Any]]:
        return [_entry(arrays, f"best:{name}", origin) for name in names]

    if (joint := meta.best_joint) is not None:
        return MeasuredJoint(
            Joint(*taken(_JOINT)),
            JointRecord(
                iteration=joint.iteration,
                answer=joint.answer,
                concept=joint.concept,
                deviations=JointDeviations(*taken(_JOINT_FIGURES)),
                clocks=_clocks(joint.clocks),
            ),
        )
    if (best := meta.best) is None:
        return None
    values, best_values, regrets = taken(_FIGURES)
    return Measured(
        profile=tuple(taken(tuple(f"policy_{i}" for i in range(best.policies)))),
        record=Record(
            iteration=best.iteration,
            answer=best.answer,
            polished=best.polished,
            deviations=Deviations(values, best_values, regrets, best.max_regret, best.exploitability),
            potential=best.potential,
            cce_gap=best.cce_gap,
            clocks=_clocks(best.clocks),
            figures=best.figures,
            ce_gap=best.ce_gap,
            quantal=None if (far := best.quantal) is None else QuantalDeviation(far.precision, far.gap),
        ),
    )


def _entry(arrays: Mapping[str, NDArray[Any]], name: str, origin: str) -> NDArray[Any]:
    if name not in arrays:
        raise StoreError(f"{origin}: damaged: entry `{name}` is missing")
    return arrays[name]


def _clocks_meta(clocks: Clocks) -> ClocksMeta:
    return ClocksMeta(work=clocks.work, check=clocks.check, load=clocks.load, read=clocks.read)


def _clocks(meta: ClocksMeta) -> Clocks:
    return Clocks(meta.work, meta.check, meta.load, meta.read)
