"""Families of potentials for near-potential policy optimisation, and how far one is from the payoffs at its maximiser.

NePPO, 2026, arXiv:2603.06977, equation 3. Parameters w of a potential Φ_w, by family:

- anchor: w is a profile, Φ_w(π) = −(c/2) Σ_i ‖π_i − w_i‖²; the maximiser is w, so any equilibrium can be one;
- weights: w on a simplex, Φ_w = Σ_i w_i J_i; the maximiser is a pure profile (the first of the best ones);
- tensor: w in [−1, 1]^ΠA, Φ_w(a) = w(a) · payoff range; the maximiser is pure too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.jit import jit
from eqsolve.kernels.rows import project_rows
from eqsolve.kernels.tensor import deviation_payoffs, tensor_backup

ANCHOR, WEIGHTS, TENSOR = 0, 1, 2
#: Families by name.
FAMILIES = {"anchor": ANCHOR, "weights": WEIGHTS, "tensor": TENSOR}


class Work(NamedTuple):
    """`shared` float64 [ΠA]: Φ_w at pure profiles (not of an anchor); `payoffs`, `gains`, `moved`: packed like a
    profile; `contraction`: work space of a backup.
    """

    shared: NDArray[np.float64]
    payoffs: NDArray[np.float64]
    gains: NDArray[np.float64]
    moved: NDArray[np.float64]
    contraction: NDArray[np.float64]


def workspace(game: Any) -> Work:
    """Work space for a game in arrays."""
    entries, total = game.payoffs.size // game.sizes.size, int(game.offsets[-1])
    return Work(np.empty(entries), np.empty(total), np.empty(total), np.empty(total), np.empty(game.scratch))


@jit
def allowed(rows, w):
    """Bring parameters w [p] back to the nearest ones that are allowed: rows on simplices, or entries of a tensor.

    w is modified in place; rows int64 [simplices + 1], which end with 0 where there are none.
    """
    if rows[-1] == 0:
        for e in range(w.size):
            w[e] = min(max(w[e], -1.0), 1.0)
    else:
        project_rows(rows, w.copy(), w)


@jit
def _tell(game, family, scale, w, shared):
    """Write to shared [ΠA] Φ_w at pure profiles, of families that have it; w [p]."""
    entries = shared.size
    if family == TENSOR:
        for a in range(entries):
            shared[a] = scale * w[a]
    elif family == WEIGHTS:
        shared[:] = 0.0
        for i in range(game.sizes.size):
            for a in range(entries):
                shared[a] += w[i] * game.payoffs[i * entries + a]


@jit
def _rises(game, family, strength, w, x, work):
    """Write to work.gains [n], for each pure action, Φ_w with it less Φ_w(x), the others as in x [n]; w [p]."""
    rows, gains = game.offsets, work.gains
    for i in range(game.sizes.size):
        if family == ANCHOR:
            far = 0.0
            for e in range(rows[i], rows[i + 1]):
                far += (x[e] - w[e]) ** 2
            corner = 1.0
            for e in range(rows[i], rows[i + 1]):
                corner += w[e] * w[e]
            for e in range(rows[i], rows[i + 1]):
                gains[e] = -0.5 * strength * (corner - 2.0 * w[e] - far)
        else:
            out = gains[rows[i] : rows[i + 1]]
            deviation_payoffs(work.shared, game.sizes, x, rows, i, work.contraction, out)
            mean = 0.0
            for e in range(rows[i], rows[i + 1]):
                mean += x[e] * gains[e]
            for e in range(rows[i], rows[i + 1]):
                gains[e] -= mean


@jit
def _climb(game, family, strength, w, x, step, steps, work):
    """Make `steps` projected gradient steps of all players on Φ_w, w [p], from x [n], which is modified in place."""
    for _ in range(steps):
        if family == ANCHOR:
            for e in range(x.size):
                work.moved[e] = x[e] - step * strength * (x[e] - w[e])
        else:
            _rises(game, family, strength, w, x, work)
            for e in range(x.size):
                work.moved[e] = x[e] + step * work.gains[e]
        project_rows(game.offsets, work.moved, x)


@jit
def _maximise(game, family, w, x, work):
    """Write to x [n] the maximiser of Φ_w, packed; w [p]."""
    if family == ANCHOR:
        project_rows(game.offsets, w, x)
        return
    rest = np.argmax(work.shared)
    x[:] = 0.0
    for i in range(game.sizes.size - 1, -1, -1):
        x[game.offsets[i] + rest % game.sizes[i]] = 1.0
        rest //= game.sizes[i]


@jit
def evaluate(game, rules, ascents, w, found, work):
    """Compute the maximiser of Φ_w, w [p], and what it is worth; `found` is a record that has these arrays.

    Written to it are `policies` [n], the maximiser, `replies` [n] to it, F_i as `discrepancies` [N] and the `regrets`
    [N] at it. Exact ones, or, from what `policies` and `replies` hold, `ascents` times as many projected gradient steps
    as the record `rules` says.
    """
    rows, family, strength, step = game.offsets, rules.family, rules.strength, rules.inner_step
    x, replies = found.policies, found.replies
    _tell(game, family, rules.scale, w, work.shared)
    if rules.exact:
        _maximise(game, family, w, x, work)
    else:
        _climb(game, family, strength, w, x, step, ascents * rules.ascents, work)
    q = work.payoffs
    tensor_backup(game, x, q, work.contraction)
    if rules.exact:
        for i in range(game.sizes.size):
            best = rows[i] + np.argmax(q[rows[i] : rows[i + 1]])
            replies[rows[i] : rows[i + 1]] = 0.0
            replies[best] = 1.0
    else:
        for _ in range(ascents * rules.reply_ascents):
            for e in range(x.size):
                work.moved[e] = replies[e] + step * q[e]
            project_rows(rows, work.moved, replies)
    _rises(game, family, strength, w, x, work)
    for i in range(game.sizes.size):
        value, gained, risen, top = 0.0, 0.0, 0.0, -np.inf
        for e in range(rows[i], rows[i + 1]):
            value += x[e] * q[e]
            top = max(top, q[e])
        spread = 0.0
        for e in range(rows[i], rows[i + 1]):
            gained += replies[e] * (q[e] - value)
            risen += replies[e] * work.gains[e]
            spread += replies[e] * (1.0 - replies[e])
        if family == ANCHOR:
            risen += 0.5 * strength * spread  # Φ is not linear in a policy: ‖b‖² is below Σ b
        found.discrepancies[i] = gained - risen
        found.regrets[i] = top - value


@jit
def smooth_maximum(values, beta):
    """Return (1/β) log Σ exp(β v), shifted by the largest v: at most log(N)/β above it."""
    top = values.max()
    total = 0.0
    for value in values:
        total += np.exp(beta * (value - top))
    return top + np.log(total) / beta
