"""The calls a notebook makes; the command line makes the same: `solve`, `deviations`, `iterates`, `warmup`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any

from eqsolve.arguments import by_name, path, whole
from eqsolve.constructors import as_game, load
from eqsolve.errors import UsageError
from eqsolve.forms.base import Form, Profile
from eqsolve.metrics import judge
from eqsolve.metrics.deviations import Deviations
from eqsolve.profiles.given import checked
from eqsolve.run import fit, iterating
from eqsolve.run.hooks import Hooks
from eqsolve.run.method import method
from eqsolve.run.options import DEFAULT_CHECKPOINT_EVERY, RunOptions, seed_of
from eqsolve.solved import SolveResult
from eqsolve.solvers.protocol import Solver
from eqsolve.solving import profile_of, run_on, start_of

__all__ = ["deviations", "iterates", "load", "solve", "warmup"]


def deviations(game: Any, policies: Any, *, normalise: bool = False) -> Deviations:
    """Return values and regrets of a profile.

    `game` is whatever `solve` takes. `policies`: a list with an array (or nested lists) per player; or a mapping by
    labels, {player: {action: p}} or {player: {state or information set: {action: p}}}, in which rows that are not named
    are uniform; or a result of `solve`. Numbers may be texts such as "1/3". With `normalise` rows whose sums miss 1 by
    up to 0.1, as those of rounded decimals do, are divided by them. ProfileError where that is no profile of the game.
    """
    form = game if isinstance(game, Form) else as_game(game).form
    return judge.deviations(form, checked(form, profile_of(policies), normalise=normalise).profile)


def solve(
    game: Any,
    algo: str | Solver = "auto",
    parameters: Mapping[str, Any] | None = None,
    *,
    tol: float | None = None,
    rtol: float | None = None,
    max_iter: int | None = None,
    time_limit: float | None = None,
    answer: str = "best",
    start: Any = None,
    seed: int = 0,
    measure_every: int | None = None,
    checkpoint: str | PathLike[str] | None = None,
    checkpoint_every: float = DEFAULT_CHECKPOINT_EVERY,
    resume: bool = False,
    hooks: Hooks | None = None,
    exact: bool = False,
    threads: int = 1,
    polish: bool | None = None,
) -> SolveResult:
    """Solve `game` and measure how far the answer is from an equilibrium: Nash, or what the method looks for.

    `game`: a game from `load`, `matrix`, `markov`, `congestion`, `extensive` or `parse`; or what these take, a path, a
    name `@family/name`, a dict, payoffs (a tuple has one array per player), rules; or a form or a family of your own.
    `algo`: the name of an algorithm, ours or another package's, or an object with the three methods of a solver, whose
    hyperparameters are its own; it is judged like any other.

    `tol` is absolute, on that gap in payoff units; `rtol` is relative to the payoff range; `time_limit` and
    `checkpoint_every` are in seconds. With `resume` a run continues `checkpoint` where that file exists. With `exact`
    the result holds a certificate in rational arithmetic too (extensive games, normal forms). Regret matchers of the
    CFR family spread sweeps over a large game over `threads`; the result is the same, bit for bit. `polish=False` takes
    answers as their method gives them, whichever it is (it is the hyperparameter of that name). Raises UsageError,
    MismatchError (the algorithm does not accept the game), ProfileError (the start is no profile of it), StoreError
    (the checkpoint is another run's), InputError (with `exact`: chances are rounded), WriteError.
    """
    options = RunOptions.of(
        tol=tol,
        rtol=rtol,
        max_iter=max_iter,
        time_limit=time_limit,
        answer=answer,
        seed=seed,
        measure_every=measure_every,
        checkpoint_every=checkpoint_every,
        threads=threads,
        polish=polish,
        exact=exact,
    )
    file = None if checkpoint is None else path("checkpoint", checkpoint)
    parameters = by_name("parameters", {} if parameters is None else parameters)
    return run_on(game, algo, parameters, options, start=start, checkpoint=file, resume=resume, hooks=hooks)


def iterates(
    game: Any,
    algo: str | Solver,
    parameters: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    start: Any = None,
    every: int = 1,
) -> Iterator[tuple[int, dict[str, Profile]]]:
    """Yield (iteration, answers by name) of a run without end, at the start and after every `every` iterations.

    `game` and `algo` are what `solve` takes, but for "auto".
    """
    seed = seed_of(seed)
    if (every := whole("every", every)) < 1:
        raise UsageError(f"every: expected a whole number of at least 1, got {every}")
    form = as_game(game).form
    parameters = by_name("parameters", {} if parameters is None else parameters)
    row, solver, _ = method(form, algo, parameters, starts=start is not None)
    profile, _ = start_of(form, row, start)
    for state in iterating.iterates(form, solver, seed=seed, start=profile, until=lambda n: n + every):
        yield int(state.iteration), dict(solver.answers(form, state))


def warmup(game: Any = None, algo: str | None = None) -> None:
    """Compile and cache every kernel: each algorithm once on a small game of each representation that it accepts.

    Of a `game`, whatever `solve` takes, only what `algo` needs, or every algorithm that accepts it: one iteration each.
    Methods whose first step takes long in a game of its size are then left out. `eqsolve.kernels.on_compile` hears of
    each kernel that was not cached yet. Raises what `solve` does.
    """
    from eqsolve.spec.load import parse

    if game is not None:
        given = as_game(game)
        rows = fit.fitting(given.form)
        for name in (algo,) if algo is not None else (row.name for row in rows if fit.is_quick(row, given.form)):
            solve(given, name, max_iter=1)
        return
    for text in WARMUP_GAMES:
        game = parse(text, "warmup")
        for row in fit.fitting(game.form):
            if fit.is_quick(row, game.form):
                solve(game, row.name, max_iter=WARMUP_ITERATIONS)


#: The third profile of supports of the game of three players is the first that floats leave open.
WARMUP_ITERATIONS = 3
#: One game for each type of arrays that kernels take, and one of several players for what two have otherwise.
WARMUP_GAMES = (
    "{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}",
    # small tables are pivoted by Python itself
    "{kind: random-matrix, players: 2, actions: [16, 16], seed: 0}",
    "{kind: random-matrix, players: 2, actions: [16, 16], structure: zero-sum, seed: 0}",
    "{kind: matrix, common: [[[1, 1, 0]]]}",
    """
    kind: congestion
    players: 2
    resources: {a: {affine: [1, 0]}, b: {affine: [1, 1]}}
    strategies: [[a], [b]]
    """,
    """
    kind: distancing
    players: 2
    weights: {A: 1, B: 2}
    penalty: 1
    spread_above: 1
    safe_at_most: 1
    discount: 0.5
    start: [1, 0]
    """,
    """
    kind: markov
    discount: 0.5
    states: [s]
    actions: [[a, b], [a, b]]
    rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]]
    transitions: [[[[1], [1]], [[1], [1]]]]
    start: [1]
    """,
    """
    kind: markov
    discount: 0.5
    states: [s]
    actions: [[a, b], [a, b]]
    rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]]
    transitions: {sparse: [[0, 0, 0, 0, 1]]}
    start: [1]
    """,
    """
    kind: markov
    discount: 0.5
    horizon: 2
    states: [s]
    actions: [[a, b], [a, b]]
    rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]]
    transitions: [[[[1], [1]], [[1], [1]]]]
    start: [1]
    """,
    "{kind: routing, players: 2, layers: 1}",
    "{kind: routing, players: 2, layers: 1, policy: local}",
    # the lanes, hands and seats of the catalogue's games
    "{kind: extensive, players: 2, root: {player: 0, infoset: I, actions: {a: {payoffs: [1, -1]}}}}",
    "{kind: kuhn}",
    "{kind: kuhn, players: 3}",
    "{kind: leduc, raises: 1, merge_suits: false}",
)
