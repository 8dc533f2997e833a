"""Policy files that are too large for labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eqsolve import api
from eqsolve.spec.load import parse
from eqsolve.store import policy


def test_a_large_profile_is_written_without_labels_and_read_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = parse("{kind: kuhn}", "kuhn")
    result = api.solve(game, "cfr", max_iter=3)
    assert result.answer is not None
    for most, labels in ((26, 13), (25, 0)):
        monkeypatch.setattr(policy, "MAX_LABELLED_ENTRIES", most)
        path = tmp_path / f"{most}.npz"
        policy.write_policy(path, result, game)
        found = policy.read_policy(path)
        assert found.meta is not None
        assert [len(own) for own in found.meta.actions] == ([labels, labels] if labels else [])
        assert len(found.meta.states) == (14 if labels else 0)
        for ours, theirs in zip(found.policies, result.answer.answer, strict=True):
            np.testing.assert_array_equal(ours, theirs)
