"""Policy files: one array per player, with the game they are policies of and how they were found.

`.npz` entries: `policy_0` … `policy_{N-1}` (float64), `meta` (see PolicyMeta) and `file:NAME` (the bytes of each array
file that the spec reads). A correlated answer has `joint_actions` (int32 [K, N]) and `joint_probabilities` (float64
[K]) in place of policies. The spec and its files are embedded up to 1 MB in all, so that `eqsolve regret` needs nothing
else. Profiles that other tools wrote, and the check of all of them: `profiles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from eqsolve.errors import InputError, StoreError, UsageError
from eqsolve.forms.base import MAX_LABELLED_ENTRIES
from eqsolve.forms.concept import Concept
from eqsolve.forms.mixed import Mixed
from eqsolve.metrics.figures import BY_NAME, FIGURES
from eqsolve.run.result import Judged, Result, Status, is_joint
from eqsolve.store.archive import pack, read_meta, unpack
from eqsolve.store.atomic import check_target, read_bytes, shown, write_bytes

if TYPE_CHECKING:
    from eqsolve.spec.load import GameSpec

#: A policy file embeds the spec and its array files up to this many bytes in all.
EMBEDDED = 1_000_000

#: A measured number; what is not finite is null in JSON.
Figure = Annotated[float | None, BeforeValidator(lambda x: x if not isinstance(x, float) or isfinite(x) else None)]

#: λ of quantal responses, in 1 / payoff units.
Precision = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GameMeta(_Record):
    """Which game: as in the result JSON."""

    kind: str
    name: str
    players: list[str]
    hash: str


class SpecMeta(_Record):
    """The spec as the user wrote it, or None where it was too large; the names of its array files."""

    origin: str
    text: str | None
    files: list[str]


class AlgorithmMeta(_Record):
    """Which algorithm found it: as in the result JSON."""

    name: str
    parameters: dict[str, Any]
    requested: str
    reason: str | None = None


class AnswerMeta(_Record):
    """Which answer it is: as in the result JSON."""

    name: str
    chosen: Literal["best", "final"]
    iteration: int
    polished: bool


class RepliesMeta(_Record):
    """In a file of `regret --best-response`: the profile replied to, and what each reply gets against it."""

    to: str
    values: list[Figure]


class PolicyMeta(_Record):
    """What a policy file says of itself. The gaps are what `solve` measured; `regret` measures again.

    Where `concept` is `ce` or `cce` the answer is a joint distribution, which has no Nash gap and no regrets; where it
    is `quantal`, a profile judged by its distance to the logit responses at `quantal_precision`, in 1 / payoff units.
    """

    format: Literal["eqsolve.policy/1"] = "eqsolve.policy/1"
    game: GameMeta
    spec: SpecMeta
    actions: list[list[str]]
    states: list[str]
    algorithm: AlgorithmMeta
    seed: int
    status: Status
    iterations: int
    answer: AnswerMeta
    concept: Concept = Concept.NASH
    nash_gap: Figure
    nash_conv: Figure
    max_regret: Figure
    regrets: list[Figure]
    values: list[Figure]
    ce_gap: Figure = None
    cce_gap: Figure = None
    quantal_gap: Figure = None
    quantal_precision: Precision | None = None
    replies: RepliesMeta | None = None
    run: dict[str, Any] | None = None


@dataclass(frozen=True)
class PolicyFile:
    """The content of a policy file, the arrays not yet checked against a game.

    `joint`: actions and probabilities of a joint distribution; then there are no policies.
    """

    origin: str
    policies: tuple[Any, ...]
    meta: PolicyMeta
    files: Mapping[str, bytes] = field(default_factory=dict)
    joint: tuple[Any, Any] | None = None

    def is_of(self, game_hash: str, seed: int, **algorithm: Any) -> bool:
        """Whether the file was left by a run of this game and seed, its `algorithm` block having these entries."""
        return (self.meta.game.hash, self.meta.seed) == (game_hash, seed) and all(
            getattr(self.meta.algorithm, key) == value for key, value in algorithm.items()
        )


def write_policy(
    path: Path,
    result: Result,
    spec: GameSpec,
    *,
    force: bool = False,
    run: Mapping[str, Any] | None = None,
    replies: RepliesMeta | None = None,
) -> str | None:
    """Write the answer of `result`, which must have one; `run` is the provenance block, None drops it.

    Return a sentence for the user where the game could not be embedded, as a whole or in part; else None.
    """
    if result.judged is None:
        raise UsageError(f"{path}: there is no answer to write")
    check_target(path, force=force)
    write_bytes(path, policy_bytes(result.judged, result, spec, run, replies=replies))
    return left_out(path, spec)


def left_out(path: Path, spec: GameSpec, most: int = EMBEDDED) -> str | None:
    """Say what a policy file of this game lacks, at most so many bytes being embedded; None where it has all."""
    size = len(spec.text.encode())
    total = size + sum(map(len, spec.files.values()))
    if not spec.text:
        return f"{path}: without the game, which no spec tells: `eqsolve regret` will need one as --game"
    if total <= most:
        return None
    limit = f"{total / 1e6:.1f} MB, at most {most / 1e6:g} are embedded"
    if size > most or spec.in_python:
        return f"{path}: without the game, which is too large ({limit}): `eqsolve regret` will need it as --game"
    names = ", ".join(sorted(spec.files))
    return f"{path}: without {names}, too large ({limit}): `eqsolve regret` will read them beside it, or take --game"


def policy_bytes(
    answer: Judged,
    result: Result,
    spec: GameSpec,
    run: Mapping[str, Any] | None,
    *,
    replies: RepliesMeta | None = None,
    most: int = EMBEDDED,
) -> bytes:
    """Return a policy file of `answer`, found by the run of `result`; at most `most` bytes of the game are inside."""
    size = len(spec.text.encode())
    embed_files = size + sum(map(len, spec.files.values())) <= most
    # arrays of a program stand in no file that could be read later
    text = spec.text if spec.text and size <= most and (embed_files or not spec.in_python) else None
    form = result.game.form
    named = int(form.offsets[-1]) <= MAX_LABELLED_ENTRIES
    record = answer.record
    meta = PolicyMeta(
        game=GameMeta(
            kind=result.game.kind,
            name=result.game.name,
            players=list(result.game.form.players),
            hash=result.game.hash,
        ),
        spec=SpecMeta(origin=_origin(spec), text=text, files=sorted(spec.files)),
        actions=[list(labels) for labels in form.actions] if isinstance(form, Mixed) and named else [],
        states=list(form.rows) if isinstance(form, Mixed) and named else [],
        algorithm=AlgorithmMeta(
            name=result.algorithm.name,
            parameters=dict(result.algorithm.parameters),
            requested=result.algorithm.requested,
            reason=result.algorithm.reason,
        ),
        seed=result.seed,
        status=result.status,
        iterations=result.iterations,
        answer=AnswerMeta(
            name=record.answer, chosen=result.chosen, iteration=record.iteration, polished=record.polished
        ),
        concept=record.concept,
        **_figures(answer),
        values=record.measured["values"].tolist(),
        replies=replies,
        run=None if run is None else dict(run),
    )
    arrays: dict[str, Any]
    if is_joint(answer):
        arrays = {"joint_actions": answer.answer.actions, "joint_probabilities": answer.answer.probabilities}
    else:
        arrays = {f"policy_{i}": policy for i, policy in enumerate(answer.answer)}
    if embed_files:
        arrays |= {f"file:{name}": np.frombuffer(data, np.uint8) for name, data in sorted(spec.files.items())}
    absent = {name for name, value in (("run", run), ("replies", replies)) if value is None}
    return pack(arrays, meta.model_dump(exclude=absent))


#: The figures that a policy file records.
_GAPS = tuple(figure.name for figure in FIGURES if figure.name in PolicyMeta.model_fields and not figure.per_player)


def _figures(answer: Judged) -> dict[str, Any]:
    """The gaps by name, and what else only a profile has."""
    joint, found = is_joint(answer), answer.record.measured
    numbers = {name: found.get(name) for name in _GAPS if joint or not BY_NAME[name].of_play}
    return numbers | {"regrets": [] if joint else found["regrets"].tolist()}


def read_policy(source: str | Path) -> PolicyFile:
    """Read a policy file (.npz), `-` being standard input; StoreError where it is none or is damaged."""
    data, origin = read_bytes(source), shown(source)
    if not data.startswith(b"PK"):
        raise StoreError(f"{origin}: not a policy file (.npz)")
    return from_archive(data, origin)


def rebuild(policy: PolicyFile, beside: Path) -> GameSpec:
    """The game inside a policy file; array files that were too large to embed are read from the folder `beside`."""
    from eqsolve.spec.load import parse

    meta = policy.meta
    hint = "name the game with --game SPEC"
    if meta.spec.text is None:
        raise StoreError(f"{policy.origin}: has no spec of {meta.game.name}: it was too large, or an object", hint)
    missing = [name for name in meta.spec.files if name not in policy.files]
    folder = beside if missing else None
    try:
        game = parse(
            meta.spec.text, f"{policy.origin}, its spec", folder=folder, files=policy.files, name=meta.game.name
        )
    except InputError as error:
        if not missing:
            raise
        raise StoreError(f"{policy.origin}: needs {', '.join(missing)} beside it: {error.lines()[0]}", hint) from error
    if game.hash != meta.game.hash:
        raise StoreError(
            f"{policy.origin}: the game in it has hash {game.hash[:12]}, its policies are of {meta.game.hash[:12]}",
            hint,
        )
    return game


def from_archive(data: bytes, origin: str) -> PolicyFile:
    """Read the bytes of a policy file; StoreError where they are damaged. `origin` names it in messages."""
    arrays = unpack(data, origin)
    if "meta" not in arrays and not {"payoffs", "payoffs_0"}.isdisjoint(arrays):
        raise StoreError(f"{origin}: is a game, not a policy", "name a game with --game")
    meta = read_meta(arrays, PolicyMeta, origin)
    files = {name.removeprefix("file:"): a.tobytes() for name, a in arrays.items() if name.startswith("file:")}
    if meta.concept.is_joint:
        actions, probabilities = arrays.get("joint_actions"), arrays.get("joint_probabilities")
        if actions is None or actions.dtype != np.int32 or probabilities is None or probabilities.dtype != np.float64:
            raise StoreError(f"{origin}: has no int32 array `joint_actions` with float64 `joint_probabilities`")
        return PolicyFile(origin, (), meta, files, (actions, probabilities))
    policies = []
    for i, player in enumerate(meta.game.players):
        policy = arrays.get(f"policy_{i}")
        if policy is None or policy.dtype != np.float64:
            raise StoreError(f"{origin}: has no float64 array `policy_{i}`, the policy of {player}")
        policies.append(policy)
    return PolicyFile(origin, tuple(policies), meta, files)


def _origin(spec: GameSpec) -> str:
    """The spec's name without the folders of this machine."""
    return spec.origin if spec.origin.startswith("@") else Path(spec.origin).name
