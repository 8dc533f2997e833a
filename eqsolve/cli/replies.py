"""The file of `regret --best-response`: each player's best reply to the profile that was judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from eqsolve.errors import UsageError

if TYPE_CHECKING:
    from eqsolve.run.result import Judged
    from eqsolve.spec.load import GameSpec


def write_replies(
    path: Path, spec: GameSpec, judged: Judged, *, to: str, force: bool, run: dict[str, Any] | None
) -> str | None:
    """Write the best replies to the profile of the file `to` as a policy file, measured as the profile that they are.

    Return a sentence for the user where the game is not inside; UsageError where a joint distribution was judged.
    """
    from eqsolve.metrics.judge import figures_of
    from eqsolve.metrics.replies import best_replies
    from eqsolve.run.result import Algorithm, Clocks, Game, Measured, Record, Result, Status, is_joint
    from eqsolve.store.policy import RepliesMeta, write_policy

    if is_joint(judged):
        raise UsageError("--best-response: expected a profile of policies, and the file holds a joint distribution")
    replies = best_replies(spec.form, judged.answer)
    record = Record(0, "best-response", False, *figures_of(spec.form, replies), Clocks())
    result = Result(
        game=Game(spec.form, spec.kind, spec.name, spec.hash),
        algorithm=Algorithm("best-response", {}, "regret --best-response"),
        status=Status.EXHAUSTED,
        iterations=0,
        tolerance=None,
        answer=Measured(replies, record),
        chosen="final",
        last=None,
        equilibria=None,
        complete=None,
        records=(),
        seed=0,
        clocks=Clocks(),
    )
    values = judged.record.measured["best_response_values"].tolist()
    return write_policy(path, result, spec, force=force, run=run, replies=RepliesMeta(to=to, values=values))
