"""Every figure that is measured of an answer, once: its name, what it says, and where it is shown.

Results, traces, checkpoints, policy files, their JSON Schema, plots and the text for people take names and words from
this table. It loads nothing, for the command line shows the names in its help.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure. `of_profile`, `of_joint`: what it says of a profile, of a joint distribution; None: there is none.

    `per_player`: it is an array in player order. `traced`: a measured point in a trace has it. `of_play`: of a profile
    it is about what the run's iterations played, not about the profile. `axis`: what the axis of a plot says, with the
    unit; None where it is not drawn. `falls`: it falls to zero over decades, so that the axis is logarithmic.
    """

    name: str
    of_profile: str | None
    of_joint: str | None = None
    per_player: bool = False
    traced: bool = True
    of_play: bool = False
    axis: str | None = None
    falls: bool = False


#: In the order of results.
FIGURES: tuple[Figure, ...] = (
    Figure(
        "nash_gap",
        "largest regret of a player, from the start of the game",
        axis="Nash gap (payoff units)",
        falls=True,
    ),
    Figure(
        "nash_conv",
        "sum of the players' regrets, from the start of the game",
        axis="NashConv (payoff units)",
        falls=True,
    ),
    Figure(
        "exploitability",
        "nash_conv / 2 (two players, constant sum)",
        traced=False,
        axis="NashConv / number of players (payoff units)",  # of any game: it is computed from nash_conv
        falls=True,
    ),
    Figure(
        "max_regret",
        "",  # depends on the form: `Form.max_regret_is` has the words
        axis="max regret (payoff units)",
        falls=True,
    ),
    Figure("regrets", "what each player gains by a best response", per_player=True),
    Figure("values", "what each player gets", "what each player gets", per_player=True),
    Figure("best_response_values", "what each player gets by a best response", per_player=True, traced=False),
    Figure(
        "welfare",
        "sum of the players' values",
        "sum of the players' values",
        axis="welfare, sum of values (payoff units)",
    ),
    Figure(
        "potential",
        "value of the game's exact potential at this profile",
        axis="potential (payoff units)",
    ),
    Figure(
        "cce_gap",
        "largest gain by one fixed policy against the run's joint play, as the run summed it",
        "largest gain of a player by choosing one action beforehand",
        of_play=True,
        axis="CCE gap of play or joint answer (payoff units)",
        falls=True,
    ),
    Figure(
        "ce_gap",
        "largest gain by a swap of own actions against that joint play",
        "largest gain of a player by departing from what is recommended",
        of_play=True,
        axis="CE gap of the joint answer (payoff units)",
        falls=True,
    ),
    Figure(
        "quantal_gap",
        "largest distance of a probability from its logit response",
        axis="distance to logit responses (probability)",
        falls=True,
    ),
    Figure("quantal_precision", "λ of these responses, in 1 / payoff units"),
    Figure("ce_regrets", None, "what each player gains by the best swap of recommendations", True, traced=False),
    Figure("cce_regrets", None, "what each player gains by the best action chosen beforehand", True, traced=False),
)
BY_NAME = {figure.name: figure for figure in FIGURES}
#: Those that a profile can have: results list them, null where they do not apply.
OF_PROFILES = tuple(figure.name for figure in FIGURES if figure.of_profile is not None)
#: Those that of a profile are about what the run's iterations played.
OF_PLAY = tuple(figure.name for figure in FIGURES if figure.of_play)
#: Those that only a joint distribution has.
OF_JOINTS_ONLY = tuple(figure.name for figure in FIGURES if figure.of_profile is None)
#: Those of a point of a trace; and of one whose gap is not a distance to quantal responses.
TRACED = tuple(figure.name for figure in FIGURES if figure.traced)
TRACED_OF_ANY = tuple(name for name in TRACED if not name.startswith("quantal"))
#: Those that can be drawn; and those of them that a trace has, from which the others are computed.
DRAWN = tuple(figure for figure in FIGURES if figure.axis is not None)
DRAWN_AS_TRACED = tuple(figure.name for figure in DRAWN if figure.traced)
