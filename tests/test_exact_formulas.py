"""Games whose payoffs are computed from the numbers of a spec: ties are decided by what was written, in fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import pytest

from eqsolve import api
from eqsolve.analysis.dominance import dominance
from eqsolve.analysis.evidence import evidence
from eqsolve.constructors import as_game
from eqsolve.exact.certificates import certificate, exact_game
from eqsolve.formats.convert import converted
from eqsolve.forms.base import Profile
from eqsolve.forms.exact_payoffs import ExactPayoffs
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.solvers.enumeration.pure import Pure
from eqsolve.spec.formats import of_name
from eqsolve.spec.load import GameSpec, parse
from reference import normal
from reference.congestion import Congestion
from reference.draws import Whole, on_random_games
from reference.normal import Game, Joint, structure


def joints(profiles: Iterable[Profile]) -> list[Joint]:
    return [tuple(int(policy.argmax()) for policy in profile) for profile in profiles]


def pure(game: GameSpec) -> list[Joint]:
    """What `pure` lists, which must be all, and not only up to rounding."""
    result = api.solve(game, "pure")
    assert result.complete == "every pure equilibrium"
    return joints(one.answer for one in result.equilibria or ())


def agrees(game: GameSpec, reference: Game) -> None:
    """Assert that the game in fractions, its pure equilibria and what they are worth are those by definition."""
    exact = exact_game(game)
    assert isinstance(exact, ExactPayoffs)
    fractions = exact.fractions()
    for joint in normal.joints(reference.sizes):
        assert [own[joint] for own in fractions] == list(reference.payoff(joint)), joint
    solver, form = Pure(), game.form
    assert isinstance(form, NormalForm)
    state = solver.step(form, solver.init(form, 0), 10**9)
    assert joints(solver.enumeration(form, state).profiles) == normal.pure_equilibria(reference)
    assert solver.enumeration(form, state).coverage == "every pure equilibrium"
    for profile in solver.enumeration(form, state).profiles:
        assert not any(certificate(form, exact, profile).deviations.regrets)
    findings = evidence(form)
    assert {finding.name: finding.holds for finding in findings if finding.name != "degenerate"} == structure(reference)
    assert not [finding for finding in findings if "rounding" in finding.evidence]


def written(whole: Whole, near: Fraction) -> tuple[str, Fraction]:
    """Draw a number, as text and exactly: a decimal, a fraction, or a decimal less `near`."""
    kind, number = whole(0, 3), Fraction(whole(1, 6), 10)
    if kind == 0:
        number = Fraction(whole(1, 4), 3)
    if kind == 1:
        number -= near
    if kind == 2 and number.denominator != 3:
        return f"{float(number)}", number
    return f"{number.numerator}/{number.denominator}", number


def cost(whole: Whole, most: int, near: Fraction) -> tuple[str, list[Fraction]]:
    """Draw the cost of a resource: as a spec has it, and at load 1, 2, … `most`."""
    (one, a), (two, b), (three, c) = (written(whole, near) for _ in range(3))
    loads = range(1, most + 1)
    kind = whole(0, 3)
    if kind == 0:
        table = [written(whole, near) for _ in loads]
        return f"{{table: [{', '.join(text for text, _ in table)}]}}", [x for _, x in table]
    if kind == 1:
        return f"{{affine: {{slope: {one}, constant: {two}}}}}", [a * load + b for load in loads]
    if kind == 2:
        return f"{{polynomial: [{one}, {two}, {three}]}}", [a + b * load + c * load**2 for load in loads]
    return f"{{bpr: [{one}, {two}]}}", [a * (1 + Fraction(3, 20) * (load / b) ** 4) for load in loads]


@on_random_games(300)
def test_congestion_games_with_ties_and_near_ties_are_decided_by_the_numbers_written(whole: Whole) -> None:
    near = Fraction(1, 10 ** whole(13, 17))
    players, resources = whole(1, 3), [f"r{r}" for r in range(whole(2, 4))]
    weights = [whole(1, 2) for _ in range(players)]
    costs = {r: cost(whole, sum(weights), near) for r in resources}
    strategies = []
    for _ in range(players):
        own = [[r for r in resources if whole(0, 1)] or [resources[-1]] for _ in range(whole(1, 3))]
        strategies.append([list(s) for s in dict.fromkeys(map(tuple, own))])
    text = ", ".join(f"{r}: {spec}" for r, (spec, _) in costs.items())
    who = f"players: {players}, weights: {weights}, strategies: {strategies}"
    game = parse(f"{{kind: congestion, {who}, resources: {{{text}}}}}", "game.yaml")
    agrees(game, Congestion({r: table for r, (_, table) in costs.items()}, strategies, weights).game)


def inspection(gain: Fraction, fine: Fraction, damage: Fraction, cost: Fraction) -> Game:
    def payoff(joint: Joint) -> list[Fraction]:
        inspected, violated = joint
        found = violated and inspected == violated
        loses = -damage if violated and not found else Fraction(0)
        gains = (-fine if found else gain) if violated else Fraction(0)
        return [loses - (cost if inspected else 0), gains]

    return Game((3, 3), payoff)


def minimum_effort(benefit: Fraction, cost: Fraction) -> Game:
    return Game((3, 3, 3), lambda joint: [benefit * (1 + min(joint)) - cost * (1 + own) for own in joint])


def travellers_dilemma(bonus: Fraction) -> Game:
    def payoff(joint: Joint) -> list[Fraction]:
        low = Fraction(min(joint) + 2)
        if min(joint) == max(joint):
            return [low, low]
        return [low + bonus if own == min(joint) else low - bonus for own in joint]

    return Game((4, 4), payoff)


def cournot(quantities: Sequence[Fraction], intercept: Fraction, slope: Fraction, cost: Fraction) -> Game:
    def payoff(joint: Joint) -> list[Fraction]:
        price = max(Fraction(0), intercept - slope * sum(quantities[a] for a in joint))
        return [(price - cost) * quantities[a] for a in joint]

    return Game((len(quantities),) * 2, payoff)


def bertrand(prices: Sequence[Fraction], intercept: Fraction, slope: Fraction, cost: Fraction) -> Game:
    def payoff(joint: Joint) -> list[Fraction]:
        named = [prices[a] for a in joint]
        low = min(named)
        share = (low - cost) * max(Fraction(0), intercept - slope * low) / named.count(low)
        return [share if price == low else Fraction(0) for price in named]

    return Game((len(prices),) * 2, payoff)


def shapley(*numbers: Fraction) -> Game:
    a, b = numbers[:3], numbers[3:]
    return Game(
        (3, 3), lambda joint: [a[joint[0]] * (joint[0] == joint[1]), b[joint[0]] * ((joint[0] + 1) % 3 == joint[1])]
    )


def fields(whole: Whole, near: Fraction, *names: str) -> tuple[str, list[Fraction]]:
    drawn = [written(whole, near) for _ in names]
    return ", ".join(f"{name}: {text}" for name, (text, _) in zip(names, drawn, strict=True)), [x for _, x in drawn]


@on_random_games(200)
def test_textbook_games_are_decided_by_the_numbers_written(whole: Whole) -> None:
    near = Fraction(1, 10 ** whole(13, 17))
    simple: dict[str, tuple[Callable[..., Game], str, tuple[str, ...]]] = {
        "inspection": (inspection, "sites: 2", ("gain", "fine", "damage", "cost")),
        "minimum-effort": (minimum_effort, "players: 3, efforts: 3", ("benefit", "cost")),
        "travellers-dilemma": (travellers_dilemma, "players: 2, lowest: 2, highest: 5", ("bonus",)),
    }
    kind = [*simple, "cournot", "bertrand", "shapley"][whole(0, 5)]
    if kind in simple:
        make, fixed, names = simple[kind]
        text, numbers = fields(whole, near, *names)
        agrees(parse(f"{{kind: {kind}, {fixed}, {text}}}", "game.yaml"), make(*numbers))
    elif kind == "shapley":
        drawn = [written(whole, near) for _ in range(6)]
        a, b = (", ".join(text for text, _ in part) for part in (drawn[:3], drawn[3:]))
        agrees(parse(f"{{kind: shapley, a: [{a}], b: [{b}]}}", "game.yaml"), shapley(*(x for _, x in drawn)))
    else:
        text, numbers = fields(whole, near, "intercept", "slope", "cost")
        grid = list({float(x): (entry, x) for entry, x in (written(whole, near) for _ in range(3))}.values())
        points = f"{'quantities' if kind == 'cournot' else 'prices'}: [{', '.join(entry for entry, _ in grid)}]"
        game = parse(f"{{kind: {kind}, {points}, {text}}}", "game.yaml")
        make_game = cournot if kind == "cournot" else bertrand
        agrees(game, make_game([x for _, x in grid], *numbers))


#: Costs at load 1; .1 + .2 is not .3 in float64.
ONE_PLAYER = (
    "{{kind: congestion, players: 1, resources: {{a: {{table: [0.1]}}, b: {{table: [0.2]}}, c: {{table: [{}]}}}},"
    " strategies: [[a, b], [c]]}}"
)


@pytest.mark.parametrize(
    ("dear", "expected"),
    [
        ("0.3", [(0,), (1,)]),
        ("0.30000000000000001", [(0,)]),
        ("0.29999999999999999", [(1,)]),
        ("3/10", [(0,), (1,)]),
        ("299999999999999999999/1000000000000000000000", [(1,)]),
    ],
)
def test_costs_of_congestion_games_add_up_exactly(dear: str, expected: list[Joint]) -> None:
    assert pure(parse(ONE_PLAYER.format(dear), "game.yaml")) == expected


def test_dominance_and_degeneracy_of_computed_payoffs_are_exact() -> None:
    """Against c, a + b is as dear as c; and a hair dearer where c costs 10^-17 less."""
    game = "{{kind: congestion, players: 2, resources: {{a: {{affine: [0, 0.1]}}, b: {{affine: [0, 0.2]}},"
    game += " c: {{affine: [0, {}]}}}}, strategies: [[a, b], [c]]}}"
    for text, left in (("0.3", (0, 1)), ("0.29999999999999999", (1,))):
        form = parse(game.format(text), "game.yaml").form
        assert isinstance(form, NormalForm)
        assert dominance(form.tensor())[0].survivors == (left, left)


def test_nothing_exact_is_computed_before_somebody_asks() -> None:
    asked = list[tuple[int, int]]()

    def cost(r: int, load: int) -> Fraction:
        asked.append((r, load))
        return Fraction(load)

    made = parse(ONE_PLAYER.format("0.4"), "game.yaml").form
    assert isinstance(made, CongestionGame)
    game = CongestionGame(made.players, made.actions, made.weights, made.costs, made.uses, made.resources, cost)
    api.solve(game, "best-response")
    api.solve(game, "inpg", max_iter=3)
    assert not asked
    assert game.tensor().exact is not None
    assert asked


@pytest.mark.parametrize("to", ["g.nfg", "g.yaml"])
def test_converted_games_are_those_that_were_written(to: str) -> None:
    game = parse(
        "{kind: congestion, players: 2, resources: {a: {affine: [1/3, 0]}, b: {table: [0.1, 0.7]}},"
        " strategies: [[a], [b], [a, b]]}",
        "game.yaml",
    )
    row = of_name(to)
    assert row is not None
    text = converted(game, row)
    assert isinstance(text, str)
    one, other = exact_game(game), exact_game(parse(text, to))
    assert isinstance(one, ExactPayoffs)
    assert isinstance(other, ExactPayoffs)
    assert (one.fractions() == other.fractions()).all()
    assert (one.fractions()[0][0, 0], one.fractions()[0][2, 1]) == (Fraction(-2, 3), -Fraction(1, 3) - Fraction(7, 10))


def test_a_form_handed_over_keeps_its_exact_payoffs() -> None:
    form = parse(ONE_PLAYER.format("0.29999999999999999"), "game.yaml").form
    assert isinstance(form, CongestionGame)
    assert pure(as_game(form.tensor())) == [(1,)]


@pytest.mark.parametrize("players", [2, 12])
def test_long_integers_are_exact_too(players: int) -> None:
    """Costs 1/97, 1/89 … have a denominator beyond 64 bits; two strategies are one, but for 10^-30."""
    primes = [97, 89, 83, 79, 73, 71, 67, 61, 59, 53, 47]
    resources = ", ".join(f"r{p}: {{affine: [0, 1/{p}]}}" for p in primes)
    same = sum((Fraction(1, p) for p in primes), Fraction(0)) - Fraction(1, 10**30)
    names = ", ".join(f"r{p}" for p in primes)
    game = parse(
        f"{{kind: congestion, players: {players}, resources: {{{resources}, all: {{table: "
        f"[{', '.join([f'{same.numerator}/{same.denominator}'] * players)}]}}}}, strategies: [[{names}], [all]]}}",
        "game.yaml",
    )
    assert pure(game) == [(1,) * players]
