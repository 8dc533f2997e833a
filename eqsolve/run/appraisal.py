"""From a solver's state to a measured answer: which profile is taken, polished or not, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import numpy as np

from eqsolve.errors import CheckpointError, ProfileError, UsageError
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint, check_joint
from eqsolve.forms.registry import part
from eqsolve.metrics.cce import cce_gap, ce_gap
from eqsolve.metrics.correlated import joint_deviations
from eqsolve.metrics.figures import OF_PLAY
from eqsolve.metrics.judge import deviations, figures_of
from eqsolve.metrics.reach import unreached
from eqsolve.run.options import RunOptions
from eqsolve.run.result import Clocks, Judged, Measured, Record, is_joint
from eqsolve.run.schedule import SMALL_PROFILE, is_polishing_point
from eqsolve.solvers.protocol import (
    AnswersByLogit,
    Correlates,
    Enumerates,
    HasFigures,
    Polishes,
    Solver,
    State,
    SumsPlay,
)

#: Gaps of one answer that differ by less than this fraction of the payoff range differ by rounding only.
EQUAL_GAPS = 1e-9
#: In games with more probabilities in a profile only the method's own answer is judged at each measured point, and the
#: last iterate once more where the run ends: there a judgement takes as long as many steps.
SMALL_ANSWER = 100_000


class Appraiser:
    """Takes the answer asked for from a state and measures it; where it is 'best', the best of those offered."""

    def __init__(self, form: Form, solver: Solver, options: RunOptions) -> None:
        self.form = form
        self.solver = solver
        self.answer = answer = None if options.answer == "best" else options.answer
        self.precision = solver.asked_precision(form) if isinstance(solver, AnswersByLogit) else None
        self.polish = options.polish is True and answer is None and self.precision is None
        self.every = options.measure_every
        self.is_small = int(form.offsets[-1]) <= SMALL_PROFILE
        self.looks_at_all = (
            answer is None and not isinstance(solver, Enumerates) and int(form.offsets[-1]) <= SMALL_ANSWER
        )

    def measure(self, state: State, clocks: Clocks) -> Judged | None:
        """The answer, polished where that lowers its Nash gap; None while the method has none.

        Where no answer is named, the one with the least gap of all that the method offers, the first of equals.
        FloatingPointError if the iterates have diverged.
        """
        if isinstance(self.solver, Correlates):
            joint = self.solver.joint(self.form, state)
            return None if joint is None else self.judged_joint(joint, state, clocks)
        answers = self._answers(state)
        if self.answer is not None and answers and self.answer not in answers:
            raise UsageError(f"no answer '{self.answer}'; this method offers {', '.join(answers)}")
        name = self.answer or next(iter(answers), None)
        if name is None or name not in answers:
            return None
        measured = self.judged(name, answers[name], state, clocks)
        candidates = [measured]
        if self.polish and (self.is_small or is_polishing_point(int(state.iteration), self.every)):
            candidates += self._polished(measured, state, clocks)
        if self.looks_at_all:
            for other in answers:
                if other != name:
                    with suppress(FloatingPointError):
                        candidates.append(self.judged(other, answers[other], state, clocks))
        return min(candidates, key=lambda one: one.record.gap.value)

    def at_last(self, measured: Judged, state: State, clocks: Clocks) -> Judged:
        """Return the last measured answer, polished where that lowers its gap and was put off till the run's end."""
        if not self.polish or self.is_small or is_joint(measured):
            return measured
        return min((measured, *self._polished(measured, state, clocks)), key=lambda one: one.record.gap.value)

    def _polished(self, measured: Measured[Profile], state: State, clocks: Clocks) -> list[Measured[Profile]]:
        """Return the support polish of an answer, judged; nothing where there is none."""
        polished = None if measured.record.polished else self.form.polished(measured.answer)
        name = measured.record.answer
        return [] if polished is None else [self.judged(name, polished, state, clocks, polished=True)]

    def _answers(self, state: State) -> Mapping[str, Profile]:
        """Return the profiles that the solver offers; UsageError where a caller's own solver gives something else."""
        answers: Any = self.solver.answers(self.form, state)
        if not isinstance(answers, Mapping):
            given = f"{type(self.solver).__name__}: answers() gave a {type(answers).__name__}"
            raise UsageError(f"{given}, expected a mapping from names to profiles", 'e.g. {"last": profile}')
        return cast(Mapping[str, Profile], answers)

    def judged(
        self, name: str, profile: Profile, state: State, clocks: Clocks, polished: bool = False
    ) -> Measured[Profile]:
        """`profile` with its figures; RuntimeError if a solver's mistake made it no profile at all."""
        if not np.isfinite(self.form.pack(profile)).all():
            raise FloatingPointError
        try:
            profile = self.form.check(profile).profile
        except ProfileError as error:
            raise RuntimeError(f"answer '{name}' of {type(self.solver).__name__}: {error.message}") from error
        plays = self.solver.plays(state) if isinstance(self.solver, SumsPlay) else None
        polished = polished or (isinstance(self.solver, Polishes) and name in self.solver.polished_answers(state))
        gap, measured = figures_of(self.form, profile, self.precision)
        if plays is not None:
            measured |= {"cce_gap": cce_gap(self.form, plays), "ce_gap": ce_gap(self.form, plays)}
        figures = dict(self.solver.figures(self.form, state)) if isinstance(self.solver, HasFigures) else {}
        return Measured(profile, Record(int(state.iteration), name, polished, gap, measured, clocks, figures))

    def judged_joint(self, joint: Joint, state: State, clocks: Clocks) -> Measured[Joint]:
        """`joint` with its figures; RuntimeError if a solver's mistake made it no distribution at all."""
        assert isinstance(self.solver, Correlates)  # noqa: S101  (`measure` has looked)
        try:
            joint = check_joint(self.form, joint.actions, joint.probabilities).joint
        except ProfileError as error:
            raise RuntimeError(f"answer of {type(self.solver).__name__}: {error.message}") from error
        found = joint_deviations(self.form, joint)
        gap = found.gap(self.solver.concept)
        return Measured(joint, Record(int(state.iteration), "joint", False, gap, found.figures, clocks))

    def confirmed(self, best: Judged) -> Judged:
        """Judge an answer again that a checkpoint holds; CheckpointError where its record said something else.

        The gaps of the run's play, which ended long ago, and figures of the method cannot be measured again.
        """
        if is_joint(best) != isinstance(self.solver, Correlates):
            kinds = ("a joint distribution", "a profile")
            given, expected = kinds if is_joint(best) else kinds[::-1]
            raise CheckpointError(f"the checkpoint's answer is {given}; this method answers with {expected}")
        try:
            if is_joint(best):
                joint = check_joint(self.form, best.answer.actions, best.answer.probabilities).joint
                found = joint_deviations(self.form, joint)
                assert isinstance(self.solver, Correlates)  # noqa: S101  (looked at above)
                record = replace(best.record, gap=found.gap(self.solver.concept), measured=found.figures)
                again: Judged = Measured(joint, record)
            else:
                profile = self.form.check(best.answer).profile
                gap, measured = figures_of(self.form, profile, self.precision)
                # of joint play that ended long ago nothing can be measured again
                measured |= {name: best.record.measured[name] for name in OF_PLAY if name in best.record.measured}
                again = Measured(profile, replace(best.record, gap=gap, measured=measured))
        except ProfileError as error:
            raise CheckpointError(f"the checkpoint's answer is none of this game: {error.message}") from error
        found_gap, said = again.record.gap.value, best.record.gap.value
        # another machine may round otherwise, but no more than that; NaN is never close
        scale = 1.0 if self.precision is not None or self.form.scale is None else self.form.scale
        if not abs(found_gap - said) <= EQUAL_GAPS * scale:
            raise CheckpointError(f"the checkpoint says that its answer has the gap {said:.6g}; it has {found_gap:.6g}")
        return again

    def completed(
        self, answer: Measured[Profile], last: Measured[Profile] | None
    ) -> tuple[Measured[Profile], Measured[Profile] | None, tuple[str, ...]]:
        """The answer with best replies where play does not come, judged again, and a sentence on what was filled in.

        Only trees have such places. The gap is not larger for it, but for rounding. The last iterate
        stays what it is, unless it is the answer.
        """
        filled = part(self.form, "filled")
        if filled is None or answer.record.concept == Concept.QUANTAL:
            return answer, last, ()
        is_last = last is not None and all(map(np.array_equal, last.answer, answer.answer))
        found, notes = filled(self.form, answer.answer), tuple[str, ...]()
        if found is not None:
            again = deviations(self.form, found.profile)
            record = replace(answer.record, gap=again.gap, measured={**answer.record.measured, **again.figures})
            answer = replace(answer, answer=found.profile, record=record)
            count = sum(int(flags.sum()) for flags in found.changed)
            notes = (
                f"at {count} information set{'s' * (count > 1)} that play does not reach policies are best replies",
            )
        answer = replace(answer, unreached=unreached(self.form, answer.answer))
        return answer, answer if is_last else last, notes

    def last_iterate(self, state: State, current: Judged | None, clocks: Clocks) -> Measured[Profile] | None:
        """The iterate itself, where the run stands, with its figures: neither averaged (if possible) nor polished."""
        answers = self._answers(state)
        name = "last" if "last" in answers else next(iter(answers), None)
        if name is None:
            return None
        if (
            current is not None
            and not is_joint(current)
            and current.record.answer == name
            and not current.record.polished
        ):
            return current
        try:
            return self.judged(name, answers[name], state, clocks)
        except FloatingPointError:
            return None
