"""What takes long to read is named on stderr, and only that."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from eqsolve import spec
from eqsolve.cli import waiting
from eqsolve.cli.waiting import stages_named
from eqsolve.spec.load import parse

Cli = Callable[..., Any]


def test_every_stage_of_loading_a_game_is_told_and_ended() -> None:
    heard: list[str | None] = []
    spec.on_stage.append(heard.append)
    try:
        game = parse("{kind: kuhn}", "cards.yaml")
        assert len(game.form.players) == 2
        assert len(game.hash) == 64
    finally:
        spec.on_stage.remove(heard.append)
    assert heard == [
        *("reading cards.yaml", None),
        *("building the game of cards.yaml", None),
        *("hashing cards.yaml", None),
    ]


@pytest.mark.parametrize(("quiet", "said"), [(False, "reading large.yaml …\n"), (True, "")])
def test_a_stage_that_works_longer_than_a_second_is_named_once(
    quiet: bool, said: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.2)
    with stages_named(quiet=quiet):
        for listener in spec.on_stage:
            listener("reading large.yaml")
        began = process_time()
        while process_time() - began < 0.6:
            pass
        for listener in spec.on_stage:
            listener(None)
            listener("reading small.yaml")
    assert capfd.readouterr().err == said
    assert not spec.on_stage


def test_a_game_that_is_read_at_once_is_not_spoken_of(eqsolve: Cli) -> None:
    assert eqsolve("info", "kuhn.yaml", "-q").err == ""
    assert "reading" not in eqsolve("info", "kuhn.yaml").err


def test_info_tells_each_thing_that_it_measures(eqsolve: Cli) -> None:
    heard: list[str | None] = []
    spec.on_stage.append(heard.append)
    try:
        assert eqsolve("info", "kuhn.yaml", "-q").code == 0
    finally:
        spec.on_stage.remove(heard.append)
    told = [what for what in heard if what is not None]
    assert told[2:5] == [
        *("choosing an algorithm for kuhn.yaml", "judging profiles of kuhn.yaml"),
        "looking for structure in kuhn.yaml",
    ]
    assert "timing cfr+ on kuhn.yaml" in told
    assert heard[1::2] == [None] * len(told)
