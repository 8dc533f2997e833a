"""Expectations over the vertices that n players move to, each independently, on W vertices.

A configuration is who stands where: a number with n digits in base W, player 0's the most significant. A function of
configurations is a matrix: rows for the first half of the players, columns for the rest. Averaging over the half that
does not hold player i is a product with that half's joint weights and nearly all the work; their own half is then
folded digit by digit. Blocks of states are handled together, states innermost, so that every operation is a vector's.
"""

from __future__ import annotations

from eqsolve.kernels.jit import jit

#: States in a block: the weights of 64 × 32 configurations and states stay in the nearest cache.
STATES_AT_ONCE = 32


@jit
def take_moves(x, rows, width, row, count, moves):
    """Write to moves[j · W + k, s], [N · W, block], how likely player j moves to k in state row + s, s < count.

    x [N · rows · W]: policies, a row of W vertices for each player and state.
    """
    for j in range(moves.shape[0] // width):
        for k in range(width):
            for s in range(count):
                moves[j * width + k, s] = x[(j * rows + row + s) * width + k]


@jit
def joint_moves(moves, width, begin, end, count, out):
    """Write to out[c, s], [W^(end − begin), block], the products of the digits' probabilities in state s < count.

    c has the digits of players begin … end − 1; moves [N · W, block] are as `take_moves` writes them.
    """
    for s in range(count):
        out[0, s] = 1.0
    length = 1
    for j in range(begin, end):
        for c in range(length - 1, -1, -1):
            for k in range(width - 1, -1, -1):
                for s in range(count):
                    out[c * width + k, s] = out[c, s] * moves[j * width + k, s]
        length *= width


@jit
def expect_moves(values, moves, width, i, count, first, second, work):
    """Compute work[k, s] = E[values at the next configuration | player i moves to k], in state s < count.

    `values` [W^n]; `first`, `second`: joint moves of the first ⌊n/2⌋ players and of the rest; `work` as large as them.
    """
    n = moves.shape[0] // width
    half = n // 2
    rows, columns = width**half, width ** (n - half)
    if i < half:
        _product(values, rows, columns, columns, 1, second, count, work)
        _fold(work, rows, moves, width, 0, half, i, count)
    else:
        _product(values, columns, 1, rows, columns, first, count, work)
        _fold(work, columns, moves, width, half, n, i, count)


@jit(fastmath={"contract"})  # fused multiply-adds
def _product(values, rows, row_stride, columns, column_stride, weights, count, out):
    """Compute out[r, s] = Σ_c values[r·row_stride + c·column_stride] weights[c, s]; modified in place."""
    fours = columns - columns % 4
    for r in range(rows):
        at = r * row_stride
        for s in range(count):
            out[r, s] = 0.0
        # four terms a pass: the sum is read and written back a quarter as often
        for c in range(0, fours, 4):
            v0, v1 = values[at + c * column_stride], values[at + (c + 1) * column_stride]
            v2, v3 = values[at + (c + 2) * column_stride], values[at + (c + 3) * column_stride]
            for s in range(count):
                out[r, s] += (v0 * weights[c, s] + v1 * weights[c + 1, s]) + (
                    v2 * weights[c + 2, s] + v3 * weights[c + 3, s]
                )
        for c in range(fours, columns):
            value = values[at + c * column_stride]
            for s in range(count):
                out[r, s] += value * weights[c, s]


@jit
def _fold(work, length, moves, width, begin, end, i, count):
    """Average work[c, s], [length, block], over all digits begin … end − 1 of c but i's; work[k, s], k < W, is left.

    work is modified in place; moves [N · W, block] are as `take_moves` writes them.
    """
    after = 1
    for j in range(end - 1, begin - 1, -1):
        if j == i:
            after = width
            continue
        length //= width
        for p in range(length // after):
            for q in range(after):
                # the target never lies behind what is still to be read
                into = p * after + q
                for s in range(count):
                    work[into, s] = moves[j * width, s] * work[p * width * after + q, s]
                for k in range(1, width):
                    for s in range(count):
                        work[into, s] += moves[j * width + k, s] * work[(p * width + k) * after + q, s]


@jit
def expected_shares(probabilities, group, nodes, weights, out):
    """Write to out[i], [N], E[1 / (1 + X_i)] for the players i of a group, X_i = how many others of it take part.

    j takes part with probabilities[j], [N], independently. E = ∫₀¹ Π_j (1 − p_j (1 − t)) dt, a polynomial of degree at
    most n − 1: exact with ⌈n/2⌉ Gauss–Legendre nodes on (0, 1), where no factor is 0; nodes, weights [⌈n/2⌉].
    """
    n = probabilities.size
    for i in range(n):
        out[i] = 0.0
    for node in range(nodes.size):
        missing = 1.0 - nodes[node]
        for i in range(n):
            product = weights[node]
            for j in range(n):
                if j != i and group[j] == group[i]:
                    product *= 1.0 - probabilities[j] * missing
            out[i] += product


@jit
def expected_harmonic(probabilities, nodes, weights):
    """Return E[1 + 1/2 + … + 1/X], X = how many take part, each with probabilities[j], [N], independently.

    That is ∫₀¹ (1 − Π_j (1 − p_j (1 − t))) / (1 − t) dt, exact with nodes, weights [⌈n/2⌉] of Gauss–Legendre on (0, 1).
    """
    total = 0.0
    for node in range(nodes.size):
        missing = 1.0 - nodes[node]
        product = 1.0
        for j in range(probabilities.size):
            product *= 1.0 - probabilities[j] * missing
        total += weights[node] * (1.0 - product) / missing
    return total
