"""Files with profiles, whoever wrote them; what a file is shows in its content.

| content | what it is |
|---|---|
| `PK…` | a policy file of eqsolve (.npz) |
| `{…}` | JSON: a result of eqsolve, a profile by labels, or {"policies": [one array per player]}, {"joint": …} |
| `[…]` | JSON: one array per player, or a list of such objects |
| lines `NE,…` | what Gambit's command-line tools print, a profile a line |
| a folder | policy files, as `solve --save-all` writes them |
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from eqsolve.errors import ProfileError, StoreError, UsageError
from eqsolve.forms.base import Form
from eqsolve.forms.concept import Concept
from eqsolve.profiles import gambit
from eqsolve.profiles.given import Given, GivenJoint, checked, checked_joint, is_joint
from eqsolve.run.result import Status
from eqsolve.store.archive import validated
from eqsolve.store.atomic import read_bytes, shown
from eqsolve.store.policy import AlgorithmMeta, AnswerMeta, GameMeta, PolicyFile, Precision, from_archive, rebuild

if TYPE_CHECKING:
    from eqsolve.spec.load import GameSpec


class Claim(BaseModel):
    """What a file says of the profile in it: of which game it is, and of which run."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    game: GameMeta
    status: Status | None = None
    algorithm: AlgorithmMeta | None = None
    seed: int | None = None
    iterations: int | None = None
    answer: AnswerMeta | None = None
    concept: Concept = Concept.NASH
    quantal_precision: Precision | None = None


class Entry(NamedTuple):
    """One of the profiles in a file, as `checked` takes it; `recorded` is the gap that the file gives for it.

    `name` tells it from the others: the place where it stands. `precision`: λ of the quantal responses that its run
    was asked for, in 1 / payoff units; None where it was not.
    """

    name: str
    given: Any
    recorded: float | None = None
    precision: float | None = None


@dataclass(frozen=True)
class ProfileFile:
    """The profiles of a file (at least one), not yet checked against a game."""

    origin: str
    entries: tuple[Entry, ...]
    claim: Claim | None = None
    archive: PolicyFile | None = None
    notes: tuple[str, ...] = ()

    def game(self, beside: Path) -> GameSpec:
        """The game inside a policy file, its array files perhaps in the folder `beside`; UsageError for other files."""
        if self.archive is not None:
            return rebuild(self.archive, beside)
        if self.claim is not None:
            raise UsageError(
                f"{self.origin}: says that it is of {self.claim.game.name} ({self.claim.game.hash[:12]}), "
                "but does not hold the game",
                "name it with --game SPEC",
            )
        raise UsageError(f"{self.origin}: a plain profile does not say of which game", "name it with --game SPEC")

    def require(self, game: GameSpec) -> None:
        """Refuse a file that says it belongs to another game."""
        if self.claim is not None and self.claim.game.hash != game.hash:
            raise StoreError(
                f"{self.origin}: is a policy of {self.claim.game.name} ({self.claim.game.hash[:12]}), "
                f"not of {game.name} ({game.hash[:12]})",
                "games are compared by what their specs say, not by their names",
            )

    def profile(self, form: Form, entry: Entry, *, normalise: bool = False) -> Given:
        """The profile of an entry, if it is one of `form`; else StoreError with the file, the policy and the row."""
        if is_joint(entry.given):
            raise StoreError(f"{self.origin}: holds a joint distribution, where a profile of policies is wanted")
        with self._placed(entry):
            return checked(form, entry.given, normalise=normalise)

    def either(self, form: Form, entry: Entry, *, normalise: bool = False) -> Given | GivenJoint:
        """The profile or the joint distribution of an entry, if it is one of `form`; else StoreError."""
        if not is_joint(entry.given):
            return self.profile(form, entry, normalise=normalise)
        with self._placed(entry):
            return checked_joint(form, entry.given, normalise=normalise)

    @contextmanager
    def _placed(self, entry: Entry) -> Iterator[None]:
        """What is at fault within is said with the file and, of several, the entry's name."""
        try:
            yield
        except ProfileError as error:
            where = f"{self.origin}: {entry.name}" if len(self.entries) > 1 else self.origin
            raise StoreError(f"{where}: {error.message}", error.hint) from error


def read_profiles(source: str | Path) -> ProfileFile:
    """Read a file with profiles, `-` being standard input; StoreError where it is none or is damaged."""
    if str(source) != "-" and Path(source).is_dir():
        return _from_folder(Path(source))
    data, origin = read_bytes(source), shown(source)
    if data.startswith(b"PK"):
        return _from_archive(from_archive(data, origin))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StoreError(f"{origin}: neither a policy file (.npz) nor text with a profile") from None
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(text, origin)
    if gambit.is_tagged(text):
        return _from_lines(text, origin)
    raise StoreError(
        f"{origin}: neither a policy file (.npz) nor a profile in JSON nor lines of Gambit's, NE,1/2,…"
        + ("" if text.strip() else ": it is empty")
    )


def _from_archive(file: PolicyFile, name: str = "") -> ProfileFile:
    claim = Claim.model_validate(file.meta.model_dump())
    given: Any = list(file.policies)
    if file.joint is not None:
        given = {"joint": dict(zip(("actions", "probabilities"), file.joint, strict=True))}
    recorded = getattr(file.meta, claim.concept.gap)
    return ProfileFile(file.origin, (Entry(name, given, recorded, claim.quantal_precision),), claim, file)


def _from_folder(folder: Path) -> ProfileFile:
    """All policy files of a folder, in the order of their names; they must be of one game."""
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        raise StoreError(f"{folder}: a folder without policy files (*.npz)")
    files = []
    for path in paths:
        data = read_bytes(path)
        if not data.startswith(b"PK"):
            raise StoreError(f"{path}: not a policy file (.npz)")
        files.append(_from_archive(from_archive(data, str(path)), path.name))
    first = files[0]
    for path, file in zip(paths, files, strict=True):
        if file.claim and first.claim and file.claim.game.hash != first.claim.game.hash:
            raise StoreError(f"{path}: is of another game than {paths[0].name} beside it")
    entries = tuple(entry for file in files for entry in file.entries)
    return ProfileFile(str(folder), entries, first.claim, first.archive)


def _from_lines(text: str, origin: str) -> ProfileFile:
    try:
        found, others = gambit.lines(text)
    except ProfileError as error:
        raise StoreError(f"{origin}: {error.message}", error.hint) from error
    notes = (f"{others} other lines of the file are no equilibria of Gambit's: passed over",) if others else ()
    return ProfileFile(origin, tuple(Entry(f"line {place}", line) for place, line in found), notes=notes)


def _from_json(text: str, origin: str) -> ProfileFile:
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{origin}: not JSON: {error}") from error
    if isinstance(document, list):
        if not document or not isinstance(document[0], Mapping):
            return ProfileFile(origin, (Entry("", document),))
        return ProfileFile(origin, tuple(Entry(f"number {k}", one) for k, one in enumerate(document, 1)))
    claim = _claim(document, origin)
    entries = _entries(document, claim)
    if not entries:
        hint = "--profile makes solve and regret print it" if claim else None
        raise StoreError(f"{origin}: no profile is in it", hint)
    listed = document.get("equilibria")
    several = isinstance(listed, list) and len(listed) > len(entries)
    notes = (f"{origin} lists {len(listed)} equilibria; the one that it answers with is taken",) if several else ()
    return ProfileFile(origin, entries, claim, notes=notes)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; ValueError where a key stands twice, since nobody can say which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return found


def _claim(document: Mapping[str, Any], origin: str) -> Claim | None:
    """What a result of eqsolve says of itself; None for any other document."""
    written = document.get("schema")
    if not isinstance(written, str) or not written.startswith("eqsolve."):
        if "kind" in document and not {"policies", "profile", "joint"} & document.keys():
            raise StoreError(f"{origin}: is a game, not a profile", "name a game with --game")
        return None
    if not written.startswith("eqsolve.result/"):
        raise StoreError(f"{origin}: is a document {written!r}, which holds no profile")
    if document.get("status") == Status.INTERRUPTED and document.get("answer", written) is None:
        raise StoreError(f"{origin}: no profile is in it: its run was interrupted before the first answer")
    if written != "eqsolve.result/1":
        raise StoreError(f"{origin}: {written!r}; this version of eqsolve reads 'eqsolve.result/1'")
    return validated(document, Claim, f"{origin}: a result of eqsolve, but damaged")


def _entries(document: Mapping[str, Any], claim: Claim | None) -> tuple[Entry, ...]:
    """The profiles of a document: the answer, or else all that it lists."""
    if claim is None:
        return (Entry("", document),)
    if document.get("profile") is not None or document.get("joint") is not None:
        return (Entry("", document, _figure(document.get(claim.concept.gap)), claim.quantal_precision),)
    for key, what in (("equilibria", "equilibrium"), ("profiles", "profile")):
        listed = document.get(key)
        if isinstance(listed, list):
            return tuple(
                Entry(f"{what} {k}", one, _figure(one.get("nash_gap")))
                for k, one in enumerate(listed, 1)
                if isinstance(one, Mapping) and one.get("profile") is not None
            )
    return ()


def _figure(value: Any) -> float | None:
    """A figure of a document; None for anything that is no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
