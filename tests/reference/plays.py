"""Draw games together with profiles: each as eqsolve's form, as the reference has it, and who plays what in it."""

from __future__ import annotations

from eqsolve.forms.markov.game import CrowdingGame, DenseMarkovGame
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import TensorGame
from reference import draws, markov, normal
from reference.draws import Whole
from reference.forms import congestion_game, crowding_game, dense_game, tensor_game


def tensor_play(whole: Whole) -> tuple[TensorGame, normal.Game, normal.Profile]:
    """Draw a normal form of integer payoffs and a profile of it."""
    game = draws.normal(whole)
    return tensor_game(game), game, draws.profile(whole, game.sizes)


def congestion_play(whole: Whole) -> tuple[CongestionGame, normal.Game, normal.Profile]:
    """Draw a congestion game and a profile of it; the reference counts loads."""
    rules = draws.congestion(whole)
    return congestion_game(rules), rules.game, draws.profile(whole, rules.game.sizes)


def stationary_play(whole: Whole) -> tuple[DenseMarkovGame, markov.MarkovGame, markov.Profile]:
    """Draw a discounted Markov game and a stationary profile of it."""
    game = draws.markov(whole)
    return dense_game(game), game, draws.stationary(whole, game)


def acyclic_play(whole: Whole) -> tuple[DenseMarkovGame, markov.MarkovGame, markov.Profile]:
    """Draw a Markov game without cycles, whose discount may be 1, and a stationary profile of it."""
    game = draws.acyclic(whole)
    return dense_game(game), game, draws.stationary(whole, game)


def crowding_play(whole: Whole) -> tuple[CrowdingGame, markov.MarkovGame, markov.Profile]:
    """Draw a distancing game and a stationary profile of it; the reference counts who is where."""
    rules = draws.distancing(whole)
    return crowding_game(rules), rules.game, draws.stationary(whole, rules.game)
