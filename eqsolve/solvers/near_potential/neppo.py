"""Near-potential policy optimisation: learn a common payoff whose maximiser is nearly an equilibrium of the game.

NePPO, 2026, arXiv:2603.06977, Algorithm 1, on normal forms. Of a potential Φ_w let π be the maximiser and b_i a best
reply of player i to it. F_i(w) = [Φ_w(π) − Φ_w(b_i, π_−i)] − [J_i(π) − J_i(b_i, π_−i)] is at least i's regret at π
(Theorem 3.1). Each iteration lowers F_β = (1/β) log Σ_i exp(β F_i), at most log(N)/β above the largest F_i:

1. draw directions u, uniform on the sphere of the p dimensions in which w can move;
2. g = mean over u of p / (2δ) · (F_β(w + δu) − F_β(w − δu)) · u;
3. w ← the allowed parameters nearest to w − η_t g.

(Equation 6 garbles the factor of step 2; line 17 of the algorithm has it.) On simplices lengths are in probability
moved, ‖·‖ / √2, so that with two actions, or two weights, all is as in the paper.

Presets. `paper`: Φ_w(π) = −(c/2) Σ_i ‖π_i − w_i‖² with c = 1, and η_t = η / √(t + 1). The least F need then not be at
an equilibrium: F_i = regret_i + (c/2) ‖b_i − w_i‖², and the second term biases. `solver`: c → 0, where π = w and F_i is
the regret. After a start by regret matching+ come gradients of length 1 with steps that fall to 0 as a cosine; what
either leaves is polished on its support (`polish`); then the next start. None has a guarantee of convergence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.kernels.polish import support_polish
from eqsolve.kernels.tensor import TensorArrays
from eqsolve.solvers.near_potential._near_potential import FAMILIES, smooth_maximum, workspace
from eqsolve.solvers.near_potential._neppo_descent import Rules, begin, drawn, parameter_rows, sweep
from eqsolve.solvers.parameters import POLISH

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "paper": {"strength": 1.0, "delta": 1e-2, "decay": "root", "warm": 0, "restart": 0, "first": 0.75},
    "solver": {"strength": 0.0, "delta": 1e-3, "decay": "cosine", "warm": 64, "restart": 128},
}
DECAYS = ("root", "cosine")
INNER = ("exact", "gradient")
#: Parameters that a trace shows at most.
SHOWN_PARAMETERS = 16


class State(NamedTuple):
    """`parameters` float64 [p]: w. `policies`, `replies`: π and the b_i, packed like a profile.

    `least`: the π of least max regret since the last start, `found`: the least of all, polished ones included, and
    `least_regret` float64 [2] what those are. `discrepancies`, `regrets` float64 [N]: F_i and regret_i at π. `matched`,
    `average`: regrets of regret matching+ and its average, packed.
    """

    iteration: int
    parameters: NDArray[np.float64]
    policies: NDArray[np.float64]
    replies: NDArray[np.float64]
    least: NDArray[np.float64]
    found: NDArray[np.float64]
    least_regret: NDArray[np.float64]
    discrepancies: NDArray[np.float64]
    regrets: NDArray[np.float64]
    matched: NDArray[np.float64]
    average: NDArray[np.float64]
    seed: int


def _positive(value: float | None) -> bool:
    return value is None or (math.isfinite(value) and value > 0)


@dataclass(frozen=True)
class NePPO:
    """Hyperparameters; those that are None are the preset's."""

    preset: str = field(default="solver", metadata={"symbol": "-", "help": f"one of {', '.join(PRESETS)}"})
    potential: str = field(default="anchor", metadata={"symbol": "Φ", "help": f"family: {', '.join(FAMILIES)}"})
    strength: float | None = field(
        default=None, metadata={"symbol": "c", "help": "of an anchor, payoff units; paper: 1, solver: 0"}
    )
    beta: float = field(default=1e4, metadata={"symbol": "β", "help": "sharpness of the largest F_i, 1 / payoff units"})
    delta: float | None = field(
        default=None, metadata={"symbol": "δ", "help": "length of a probe; paper: 0.01, solver: 0.001"}
    )
    directions: int = field(default=10, metadata={"symbol": "m", "help": "directions probed in an iteration"})
    size: float = field(
        default=0.05, metadata={"name": "step", "symbol": "η", "help": "first step; on gradients of length 1 if cosine"}
    )
    decay: str | None = field(
        default=None,
        metadata={"symbol": "η_t", "help": "root: η / √(t + 1), cosine: to 0 at the next start; paper: root"},
    )
    inner: str = field(
        default="exact", metadata={"symbol": "-", "help": "π and b_i: exact, or by gradient steps from the last ones"}
    )
    ascents: int = field(default=1, metadata={"name": "k1", "symbol": "K1", "help": "such steps of π"})
    reply_ascents: int = field(default=1, metadata={"name": "k2", "symbol": "K2", "help": "such steps of the b_i"})
    inner_step: float = field(
        default=0.1, metadata={"name": "inner-step", "symbol": "κ", "help": "their length on gradients"}
    )
    warm: int | None = field(
        default=None,
        metadata={"symbol": "-", "help": "iterations of regret matching+ at a start; paper: 0, solver: 64"},
    )
    restart: int | None = field(
        default=None, metadata={"symbol": "-", "help": "iterations from start to start, 0: one; paper: 0, solver: 128"}
    )
    first: float | None = field(
        default=None,
        metadata={"symbol": "w⁰", "help": "an anchor's last actions, or player 1's weight; paper: 0.75, solver: drawn"},
    )

    polish: bool = field(
        default=POLISH.default, metadata={"symbol": POLISH.symbol, "help": f"{POLISH.help}; so at a start's end too"}
    )

    def __post_init__(self) -> None:
        for name, word, words in (
            ("preset", self.preset, tuple(PRESETS)),
            ("potential", self.potential, tuple(FAMILIES)),
            ("inner", self.inner, INNER),
            ("decay", self.decay, (None, *DECAYS)),
        ):
            if word not in words:
                raise UsageError(f"{name}: expected one of {', '.join(filter(None, words))}, got '{word}'")
        for name, number in (
            ("beta", self.beta),
            ("delta", self.delta),
            ("step", self.size),
            ("inner-step", self.inner_step),
        ):
            if not _positive(number):
                raise UsageError(f"{name}: expected a positive number, got {number}")
        for name, count, fewest in (
            ("directions", self.directions, 1),
            ("k1", self.ascents, 1),
            ("k2", self.reply_ascents, 1),
            ("warm", self.warm, 0),
            ("restart", self.restart, 0),
        ):
            if count is not None and count < fewest:
                raise UsageError(f"{name}: expected a whole number of at least {fewest}, got {count}")
        if self.strength is not None and not (math.isfinite(self.strength) and self.strength >= 0):
            raise UsageError(f"strength: expected a number of at least 0, got {self.strength}")
        if self.first is not None and not 0 <= self.first <= 1:
            raise UsageError(f"first: expected a number from 0 to 1, got {self.first}")
        if self.warm and self.potential != "anchor":
            raise UsageError(f"warm: regret matching+ makes an anchor, and potential={self.potential} has none")
        length, warm, decay = self._preset("restart"), self._preset("warm"), self._preset("decay")
        if length and warm >= length:
            raise UsageError(f"restart: expected more iterations than warm, which is {warm}, got {length}")
        if decay == "cosine" and not length:
            raise UsageError("decay=cosine needs restart, the number of iterations in which steps fall to 0")

    def _preset(self, name: str) -> Any:
        own = getattr(self, name)
        if name == "warm" and own is None and self.potential != "anchor":
            return 0  # regret matching+ ends at a profile, and only an anchor is one
        return PRESETS[self.preset].get(name) if own is None else own

    def adapted(self, game: NormalForm) -> NePPO:
        return replace(self, **{name: self._preset(name) for name in PRESETS["paper"]})

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None and self.potential != "anchor":
            raise UsageError(f"potential={self.potential} has no parameters for a profile: it takes no --start")
        arrays, rules = game.tensor().arrays, self._rules(game)
        even = game.pack(game.uniform())
        parameters = self._first(arrays, rules, seed) if start is None else game.pack(start)
        policies = parameters.copy() if self.potential == "anchor" else even.copy()
        players = len(game.players)
        state = State(
            iteration=0,
            parameters=parameters,
            policies=policies,
            replies=even,
            least=np.empty_like(even),
            found=policies.copy(),
            least_regret=np.full(2, np.inf),
            discrepancies=np.empty(players),
            regrets=np.empty(players),
            matched=np.empty_like(even),
            average=np.empty_like(even),
            seed=seed,
        )
        begin(arrays, rules, _keyed(state), workspace(arrays))
        return state

    def _first(self, arrays: TensorArrays, rules: Rules, seed: int) -> Array:
        """The first parameters of a run without a start."""
        players = arrays.sizes.size
        if self.potential == "tensor":
            return np.asarray(arrays.payoffs.reshape(players, -1).mean(axis=0) / np.abs(arrays.payoffs).max())
        rows = parameter_rows(arrays, rules.family)
        parameters = np.empty(int(rows[-1]))
        first = self._preset("first")
        if first is None:
            drawn(rows, np.uint64(seed), 0, parameters)
            return parameters
        for start, end in pairwise(rows.tolist()):
            chosen = start if self.potential == "weights" else end - 1
            parameters[start:end] = 1.0 if end == start + 1 else (1 - first) / (end - start - 1)
            if end > start + 1:
                parameters[chosen] = first
        return parameters

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        held: Any = {name: part.copy() for name, part in state._asdict().items() if isinstance(part, np.ndarray)}
        new = state._replace(**held)
        arrays, rules = game.tensor().arrays, self._rules(game)
        work, end = workspace(arrays), state.iteration + steps
        while new.iteration < end:
            stop = min(self._next_polish(rules, new.iteration), end)
            sweep(arrays, rules, _keyed(new), stop - new.iteration, work)
            new = new._replace(iteration=stop)
            if rules.restart and stop % rules.restart in (0, rules.warm):
                _keep(game, new, self.polish)
        return new

    def _next_polish(self, rules: Rules, n: int) -> int:
        """The first iteration after n at which a start by regret matching+, or a descent, has come to its end."""
        if not rules.restart:
            return n + 2**62
        before = n - n % rules.restart
        return before + (rules.warm if n - before < rules.warm else rules.restart)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        best = state.least if state.least_regret[0] < state.least_regret[1] else state.found
        return {"least": game.unpack(best), "last": game.unpack(state.policies)}

    def figures(self, game: NormalForm, state: State) -> dict[str, float]:
        """F_i of every player, F_β, and the parameters where they are few."""
        shown = {f"F{i}": float(f) for i, f in enumerate(state.discrepancies, 1)}
        shown["F_beta"] = float(smooth_maximum(state.discrepancies, self.beta))
        if len(state.parameters) <= SHOWN_PARAMETERS:
            shown |= {f"w{k}": float(w) for k, w in enumerate(state.parameters, 1)}
        return shown

    def _rules(self, game: NormalForm) -> Rules:
        value = {name: self._preset(name) for name in PRESETS["paper"]}
        return Rules(
            family=FAMILIES[self.potential],
            strength=float(value["strength"]),
            scale=game.payoff_range or 1.0,
            exact=self.inner == "exact",
            ascents=self.ascents,
            reply_ascents=self.reply_ascents,
            inner_step=self.inner_step,
            beta=self.beta,
            delta=value["delta"],
            directions=self.directions,
            size=self.size,
            cosine=value["decay"] == "cosine",
            warm=value["warm"],
            restart=value["restart"],
        )


def _keyed(state: State) -> Any:
    """The state as kernels take it: with a seed of one type, however large it is."""
    return state._replace(seed=np.uint64(state.seed))  # type: ignore[arg-type]  # only kernels see it


def _keep(game: NormalForm, state: State, polish: bool) -> None:
    """Keep the profile of least regret since the last start or, with `polish`, what it comes to on its support.

    Only if it is better than what was kept before; `state` is modified in place.
    """
    least = game.unpack(state.least)
    for x in (support_polish(game.backup, least) if polish else None, least):
        if x is not None:
            regret = max(float((u - policy @ u).max()) for policy, u in zip(x, game.backup(x), strict=True))
            if regret < state.least_regret[1]:
                state.least_regret[1] = regret
                state.found[:] = game.pack(x)
