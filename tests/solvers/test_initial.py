"""First profiles: reproducible with every numpy, and distributed as they say."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve.forms.base import Form
from eqsolve.solvers.initial import INITS, draw_logits
from reference.forms import as_mixed, numbered
from reference.specs import spec

GOLDEN = {
    "dirichlet": [-3.1699231431149792, 0.0, -0.8502823333065412, 0.0, -0.1746060956876106],
    "logits-normal": [-0.7283615193936329, 0.0, -0.2178397668159076, -0.4308134464419067, 0.0],
}


def wide(rows: int, actions: int) -> Form:
    from eqsolve.forms.markov.game import CrowdingGame

    return CrowdingGame(
        players=("a",),
        actions=(numbered(actions),),
        states=numbered(rows),
        slope=np.zeros((rows, actions)),
        offset=np.zeros(rows),
        threshold=np.zeros(rows, dtype=np.int64),
        below=np.zeros(rows, dtype=np.int64),
        above=np.zeros(rows, dtype=np.int64),
        discount=0.0,
        start=np.ones(rows) / rows,
    )


def probabilities(form: Form, init: str, seed: int) -> np.ndarray:
    logits = draw_logits(as_mixed(form), init, seed)
    weights = np.exp(logits).reshape(-1, form.shapes[0][-1])
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("init", INITS)
def test_every_row_has_a_largest_logit_of_0(init: str) -> None:
    for form, rows in ((spec("general 3x2").form, 2), (spec("asymmetric").form, 4)):
        logits = draw_logits(as_mixed(form), init, 4)
        assert [row.max() for row in np.split(logits, form.row_offsets[1:-1])] == [0.0] * rows
        assert np.isfinite(logits).all()


def test_uniform_is_uniform_whatever_the_seed() -> None:
    form = spec("general 3x2").form
    assert not draw_logits(as_mixed(form), "uniform", 1).any()


def test_a_seed_names_one_profile_for_ever() -> None:
    """Philox's stream and the transforms are fixed: these figures must never change."""
    form = spec("general 3x2").form
    np.testing.assert_allclose(draw_logits(as_mixed(form), "dirichlet", 0), GOLDEN["dirichlet"], rtol=1e-14)
    np.testing.assert_allclose(draw_logits(as_mixed(form), "logits-normal", 0), GOLDEN["logits-normal"], rtol=1e-13)


def test_seeds_differ() -> None:
    form = spec("general 3x2").form
    seen = {draw_logits(as_mixed(form), "dirichlet", seed).tobytes() for seed in (0, 1, 2, 2**32, 2**64 - 1)}
    assert len(seen) == 5


def test_dirichlet_rows_are_uniform_on_the_simplex() -> None:
    """Of three probabilities each has mean 1/3 and variance 1/18; 20,000 rows, six standard errors."""
    drawn = probabilities(wide(20_000, 3), "dirichlet", 3)
    np.testing.assert_allclose(drawn.mean(axis=0), 1 / 3, atol=6 * (1 / 18 / 20_000) ** 0.5)
    np.testing.assert_allclose(drawn.var(axis=0), 1 / 18, rtol=0.05)
    # the first of two uniform coordinates would be uniform itself
    pair = probabilities(wide(20_000, 2), "dirichlet", 3)[:, 0]
    np.testing.assert_allclose(np.quantile(pair, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.02)


def test_normal_logits_are_normal() -> None:
    """Differences of two independent standard normals have variance 2."""
    logits = draw_logits(as_mixed(wide(20_000, 2)), "logits-normal", 3).reshape(-1, 2)
    differences = logits[:, 0] - logits[:, 1]
    assert abs(differences.mean()) < 6 * (2 / 20_000) ** 0.5
    assert differences.var() == pytest.approx(2, rel=0.06)
