"""Routing in lockstep through layers of W vertices: action values layer by layer, from the sink back.

Full policies see the whole configuration: 1 + L·W^n states, source first, then layer 1's configurations, … . Local
policies see the own vertex only; then the others' whereabouts are independent of what one does. A player on an edge
taken by m players in all receives 1/m. All players move together, so every state of a layer leads to the next one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.kernels.configurations import (
    STATES_AT_ONCE,
    expect_moves,
    expected_harmonic,
    expected_shares,
    joint_moves,
    take_moves,
)
from eqsolve.kernels.jit import jit


class RoutingArrays(NamedTuple):
    """Full policies. `nodes`, `weights` float64 [⌈n/2⌉]: Gauss–Legendre on (0, 1); `final`: the forced last edge pays
    (1 or 0); `discount`; `returns`: the forced last edge leads back to the source (1 or 0).
    """

    players: int
    layers: int
    width: int
    nodes: NDArray[np.float64]
    weights: NDArray[np.float64]
    final: float
    discount: float
    returns: int
    scratch: int


class LocalRoutingArrays(RoutingArrays):
    """These arrays with local policies, 1 + L·W rows each: source, layer 1's vertices, … ."""

    __slots__ = ()


@jit
def places(game, row, group):
    """Write to group[n] where everyone stands in a state of full policies; return the layer, 0 = source."""
    if row == 0:
        group[:] = 0
        return 0
    configurations = game.width**game.players
    c = (row - 1) % configurations
    for j in range(game.players - 1, -1, -1):
        group[j] = c % game.width
        c //= game.width
    return 1 + (row - 1) // configurations


@jit
def routing_rewards(game, x, rewards):
    """Compute rewards[i, row, k]: expected reward of i's move to k, the others following x; modified in place."""
    n, width = game.players, game.width
    rows = rewards.shape[1]
    group = np.empty(n, dtype=np.int64)
    p = np.empty(n)
    shares = np.empty(n)
    for row in range(rows):
        layer = places(game, row, group)
        for k in range(width):
            if layer < game.layers:
                for j in range(n):
                    p[j] = x[(j * rows + row) * width + k]
                expected_shares(p, group, game.nodes, game.weights, shares)
                for i in range(n):
                    rewards[i, row, k] = shares[i]
            else:
                for i in range(n):
                    load = 0
                    for j in range(n):
                        load += group[j] == group[i]
                    rewards[i, row, k] = game.final / load if k == 0 else 0.0


@jit
def _expect_layer(game, x, row, end, values, player, out):
    """Compute out[m, r, k] = E[values[m, ·] of the next layer | player + m moves to k in row r], rows row … end − 1.

    `values` [M, rows], `out` [M, rows, W], modified in place: for M players from `player` on. The next layer begins at
    row `end`. Block by block of states; all players' values pass through the cache once a block.
    """
    n, width = game.players, game.width
    configurations = width**n
    half = n // 2
    moves = np.empty((n * width, STATES_AT_ONCE))
    first, second = np.empty((width**half, STATES_AT_ONCE)), np.empty((width ** (n - half), STATES_AT_ONCE))
    work = np.empty((width ** (n - half), STATES_AT_ONCE))
    while row < end:
        count = min(STATES_AT_ONCE, end - row)
        take_moves(x, 1 + game.layers * configurations, width, row, count, moves)
        joint_moves(moves, width, 0, half, count, first)
        joint_moves(moves, width, half, n, count, second)
        for m in range(values.shape[0]):
            following = values[m, end : end + configurations]
            expect_moves(following, moves, width, player + m, count, first, second, work)
            for s in range(count):
                for k in range(width):
                    out[m, row + s, k] = work[k, s]
        row += count


@jit
def routing_expect(game, x, player, values, back, out):
    """Compute out[0, row, k] = expected value of what follows the player's move to k, given values[0, row].

    The forced last edge is worth `back` where the game returns to the source, else nothing.
    """
    rows = values.shape[1]
    configurations = game.width**game.players
    for layer in range(game.layers):
        begin = 1 + layer * configurations
        row = 0 if layer == 0 else begin - configurations
        _expect_layer(game, x, row, begin, values, player, out)
    for row in range(rows - configurations, rows):
        for k in range(game.width):
            out[0, row, k] = back if k == 0 and game.returns == 1 else 0.0


@jit
def routing_action_values(game, x, q, v):
    """Write q [n] and v [rows] of the packed profile x [n], by one sweep from the last layer to the source."""
    n, width, layers = game.players, game.width, game.layers
    configurations = width**n
    rows = 1 + layers * configurations
    rewards = np.empty((n, rows, width))
    routing_rewards(game, x, rewards)
    values = v.reshape(n, rows)
    actions = q.reshape(n, rows, width)
    for layer in range(layers, -1, -1):
        begin = 1 + layer * configurations
        row = 0 if layer == 0 else begin - configurations
        if layer < layers:
            _expect_layer(game, x, row, begin, values, 0, actions)
        else:
            actions[:, row:begin] = 0.0
        for i in range(n):
            for r in range(row, begin):
                value = 0.0
                for k in range(width):
                    actions[i, r, k] = rewards[i, r, k] + game.discount * actions[i, r, k]
                    value += x[(i * rows + r) * width + k] * actions[i, r, k]
                values[i, r] = value
    if game.returns == 1:
        _add_rounds(game, q, v, rows, configurations)


@jit
def _add_rounds(game, q, v, rows, per_layer):
    """Add what the rounds after the first are worth to q [N · rows · W] and v [N · rows], modified in place.

    Each round begins at the source L + 1 moves after the one before.
    """
    for i in range(game.players):
        source = v[i * rows] / (1.0 - game.discount ** (game.layers + 1))
        for row in range(rows):
            layer = 0 if row == 0 else 1 + (row - 1) // per_layer
            later = game.discount ** (game.layers + 1 - layer) * source
            v[i * rows + row] += later
            for k in range(game.width):
                q[(i * rows + row) * game.width + k] += later


@jit
def routing_visitation(game, x, d):
    """Compute d[row] per player and row: discounted expected number of visits from the source; modified in place."""
    n, width, layers = game.players, game.width, game.layers
    configurations = width**n
    rows = 1 + layers * configurations
    half = n // 2
    moves = np.empty((n * width, 1))
    first, second = np.empty((width**half, 1)), np.empty((width ** (n - half), 1))
    visits = np.zeros(rows)
    visits[0] = 1.0 / (1.0 - game.discount ** (layers + 1)) if game.returns == 1 else 1.0
    for row in range(rows - configurations):
        weight = game.discount * visits[row]
        if weight == 0.0:
            continue
        take_moves(x, rows, width, row, 1, moves)
        joint_moves(moves, width, 0, half, 1, first)
        joint_moves(moves, width, half, n, 1, second)
        begin = 1 if row == 0 else 1 + ((row - 1) // configurations + 1) * configurations
        for a in range(first.shape[0]):
            w = weight * first[a, 0]
            if w != 0.0:
                for b in range(second.shape[0]):
                    visits[begin + a * second.shape[0] + b] += w * second[b, 0]
    for i in range(n):
        d[i * rows : (i + 1) * rows] = visits


@jit
def whereabouts(game, x):
    """Return [N, 1 + L · W].

    The probability that each player is at each of their rows, by the packed local policies x [n].
    """
    n, width, layers = game.players, game.width, game.layers
    rows = 1 + layers * width
    at = np.zeros((n, rows))
    for j in range(n):
        at[j, 0] = 1.0
        for row in range(rows - width):
            begin = 1 if row == 0 else 1 + ((row - 1) // width + 1) * width
            for k in range(width):
                at[j, begin + k] += at[j, row] * x[(j * rows + row) * width + k]
    return at


@jit
def local_rewards(game, x, rewards):
    """Write rewards[i, row, k], [N, 1 + L · W, W], with local policies x [n].

    The others go wherever their own policies lead.
    """
    n, width, layers = game.players, game.width, game.layers
    rows = 1 + layers * width
    at = whereabouts(game, x)
    together = np.zeros(n, dtype=np.int64)
    p = np.empty(n)
    shares = np.empty(n)
    for row in range(rows):
        forced = row > (layers - 1) * width
        for k in range(width):
            for j in range(n):
                p[j] = at[j, row] * (1.0 if forced else x[(j * rows + row) * width + k])
            expected_shares(p, together, game.nodes, game.weights, shares)
            for i in range(n):
                if forced:
                    rewards[i, row, k] = game.final * shares[i] if k == 0 else 0.0
                else:
                    rewards[i, row, k] = shares[i]


@jit
def local_action_values(game, x, q, v):
    """Write q [n] and v [rows] of the packed profile x [n] of local policies."""
    n, width, layers = game.players, game.width, game.layers
    rows = 1 + layers * width
    rewards = np.empty((n, rows, width))
    local_rewards(game, x, rewards)
    for i in range(n):
        for row in range(rows - 1, -1, -1):
            begin = 1 if row == 0 else 1 + ((row - 1) // width + 1) * width
            value = 0.0
            for k in range(width):
                e = (i * rows + row) * width + k
                q[e] = rewards[i, row, k]
                if begin < rows:
                    q[e] += game.discount * v[i * rows + begin + k]
                value += x[e] * q[e]
            v[i * rows + row] = value
    if game.returns == 1:
        _add_rounds(game, q, v, rows, width)


@jit
def local_visitation(game, x, d):
    """Compute d[row] per player and row: discounted expected number of visits from the source; modified in place."""
    n, width = game.players, game.width
    rows = 1 + game.layers * width
    at = whereabouts(game, x)
    rounds = 1.0 / (1.0 - game.discount ** (game.layers + 1)) if game.returns == 1 else 1.0
    for i in range(n):
        for row in range(rows):
            layer = 0 if row == 0 else 1 + (row - 1) // width
            d[i * rows + row] = rounds * game.discount**layer * at[i, row]


@jit
def local_potential(game, x):
    """Return Σ over edges of E[1 + 1/2 + … + 1/load], discounted.

    Rosenthal's potential, exact with local policies x [n].
    """
    n, width, layers = game.players, game.width, game.layers
    rows = 1 + layers * width
    at = whereabouts(game, x)
    p = np.empty(n)
    potential = 0.0
    for row in range(rows):
        layer = 0 if row == 0 else 1 + (row - 1) // width
        forced = layer == layers
        for k in range(1 if forced else width):
            for j in range(n):
                p[j] = at[j, row] * (1.0 if forced else x[(j * rows + row) * width + k])
            pays = game.final if forced else 1.0
            potential += game.discount**layer * pays * expected_harmonic(p, game.nodes, game.weights)
    return potential / (1.0 - game.discount ** (layers + 1)) if game.returns == 1 else potential
