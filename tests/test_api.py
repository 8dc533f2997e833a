"""The calls a notebook makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import eqsolve
from eqsolve import api
from eqsolve.errors import MismatchError, ProfileError, StoreError, UsageError
from eqsolve.run.result import Status
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.parameters import parameters_of
from eqsolve.spec.load import parse
from reference.specs import spec


def test_names_of_the_package_are_those_of_its_modules() -> None:
    assert eqsolve.solve is api.solve
    assert eqsolve.load is api.load
    assert eqsolve.deviations is api.deviations
    assert eqsolve.Status is Status
    assert set(eqsolve.__all__) <= set(dir(eqsolve))
    with pytest.raises(AttributeError, match="no attribute 'slove'"):
        _ = eqsolve.slove


def test_a_game_from_a_file_is_solved_and_judged(tmp_path: Path) -> None:
    (tmp_path / "pennies.yaml").write_text("kind: matrix\nzero_sum: [[1, -1], [-1, 1]]\n")
    game = eqsolve.load(tmp_path / "pennies.yaml")
    result = eqsolve.solve(game)
    assert result.status is eqsolve.Status.CONVERGED
    assert result.answer is not None
    assert eqsolve.deviations(game, result.answer.answer).nash_gap <= 1e-12
    assert (result.game.kind, result.game.name, result.game.hash) == ("matrix", "pennies", game.hash)


def test_deviations_take_nested_lists_and_a_bare_form() -> None:
    game = spec("pennies")
    found = eqsolve.deviations(game, [[1, 0], [0.5, 0.5]])
    assert found.regrets.tolist() == [0.0, 1.0]
    assert eqsolve.deviations(game.form, [[1, 0], [0.5, 0.5]]).regrets.tolist() == [0.0, 1.0]
    with pytest.raises(ProfileError):
        eqsolve.deviations(game, [[1, 0], [0.5, 0.6]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": -1}, "seed: expected a whole number from 0"),
        ({"seed": 2**64}, "seed: expected a whole number from 0"),
        ({"seed": 1.5}, "seed: expected a whole number, got 1.5"),
        ({"max_iter": 2.0}, "max-iter: expected a whole number, got 2.0"),
        ({"measure_every": 0}, "measure-every"),
        ({"resume": True}, "resume needs a checkpoint"),
        ({"answer": "average"}, "answer: inpg offers best, last; got 'average'"),
        ({"algo": "inpgg"}, "unknown algorithm"),
        ({"parameters": {"stepp": 1}}, "unknown parameter 'stepp'"),
        ({"parameters": {"step": "x"}}, "step: expected a number"),
        ({"tol": -1.0}, "tol: expected a finite number of at least 0"),
        ({"time_limit": float("nan")}, "time-limit"),
    ],
)
def test_bad_options_are_refused_before_anything_runs(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        api.solve(spec("pennies"), **{"algo": "inpg", **options})
    assert message in refusal.value.message


def test_an_algorithm_that_does_not_fit_is_refused() -> None:
    with pytest.raises(MismatchError):
        api.solve(spec("distancing"), "pure")


def test_methods_without_a_use_for_a_start_refuse_it() -> None:
    with pytest.raises(UsageError, match="takes no --start"):
        api.solve(spec("pennies"), "zero-sum-lp", start=[[0.5, 0.5], [0.5, 0.5]])


def test_a_start_is_checked_renormalised_and_its_zeros_are_pointed_out() -> None:
    with pytest.raises(ProfileError, match="probabilities sum to"):
        api.solve(spec("pennies"), "inpg", start=[[0.5, 0.4], [1, 0]])
    result = api.solve(spec("pennies"), "inpg", start=[[0.5, 0.5 + 1e-7], [1, 0]], max_iter=1)
    assert any("renormalised" in note for note in result.notes)
    assert any("1 probabilities of 0, which inpg never changes" in note for note in result.notes)
    assert api.solve(spec("pennies"), "rm+", start=[[0.5, 0.5], [1, 0]], max_iter=1).notes == ()


def test_a_run_begins_at_the_start() -> None:
    result = api.solve(spec("pennies"), "inpg", start=[[0.25, 0.75], [1, 0]], max_iter=0)
    assert result.answer is not None
    assert [policy.tolist() for policy in result.answer.answer] == [pytest.approx([0.25, 0.75]), [1.0, 0.0]]


def test_hyperparameters_and_their_defaults_are_in_the_result() -> None:
    result = api.solve(spec("pennies"), "mwu", {"step": 2}, max_iter=1, seed=3)
    assert result.algorithm.name == "inpg"
    assert result.algorithm.requested == "mwu"
    parameters = result.algorithm.parameters
    used = {name: value for name, value in parameters.items() if value is not None}
    assert used == {"step": 2.0, "decay": 0.0, "init": "dirichlet", "estimator": "exact"}
    assert set(parameters) - set(used) == {"eta", "episode", "samples"}
    assert result.seed == 3


def test_answers_of_a_row_that_says_so_are_polished() -> None:
    game = api.load("@matrix/asymmetric-matching-pennies")  # no pure equilibrium, which a last iterate would reach
    result = api.solve(game, "rm+", max_iter=40)
    assert result.answer is not None
    assert result.answer.record.polished
    assert result.answer.record.nash_gap <= 1e-12
    unpolished = api.solve(game, "rm+", max_iter=40, answer="average").answer
    assert unpolished is not None
    assert unpolished.record.nash_gap > 1e-6


def test_seeds_matter() -> None:
    profiles = []
    for seed in (0, 0, 1):
        answer = api.solve(spec("asymmetric"), "inpg", max_iter=3, seed=seed).answer
        assert answer is not None
        profiles.append([policy.tolist() for policy in answer.answer])
    assert profiles[0] == profiles[1] != profiles[2]


def test_a_huge_step_is_said_to_diverge() -> None:
    """Logits of 1e308 · 2 are no numbers any more."""
    result = api.solve(spec("pennies"), "inpg", {"step": 1.7e308}, max_iter=20)
    assert result.status is Status.DIVERGED
    assert result.last is None
    assert result.answer is not None
    assert result.answer.record.iteration == 0


class TestResume:
    """A checkpoint continues the run that made it and no other."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "checkpoint.npz"
        api.solve(spec("asymmetric"), "inpg", {"step": 0.1}, max_iter=5, seed=1, checkpoint=path)
        return path

    @pytest.mark.parametrize(
        ("changed", "what"),
        [
            ({"game": spec("ends")}, "game"),
            ({"parameters": {"step": 0.2}}, "parameter step"),
            ({"seed": 2}, "seed"),
            ({"start": [[[1, 0], [1, 0]], [[1, 0, 0], [1, 0, 0]]]}, "start"),
        ],
    )
    def test_another_run_is_refused_by_its_first_difference(
        self, file: Path, changed: dict[str, Any], what: str
    ) -> None:
        options: dict[str, Any] = {"game": spec("asymmetric"), "parameters": {"step": 0.1}, "seed": 1, **changed}
        before = file.read_bytes()
        with pytest.raises(StoreError, match=f"its {what} is"):
            api.solve(options.pop("game"), "inpg", **options, max_iter=9, checkpoint=file, resume=True)
        assert file.read_bytes() == before

    def test_another_algorithm_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "checkpoint.npz"
        api.solve(spec("pennies"), "rm+", max_iter=5, checkpoint=path)
        with pytest.raises(StoreError, match="its algorithm is regret-matching\\+, this run's is inpg"):
            api.solve(spec("pennies"), "inpg", max_iter=9, checkpoint=path, resume=True)

    def test_where_there_is_none_the_run_starts_afresh(self, tmp_path: Path) -> None:
        path = tmp_path / "new.npz"
        result = api.solve(spec("pennies"), "inpg", max_iter=5, checkpoint=path, resume=True)
        assert result.iterations == 5
        assert path.exists()

    def test_without_resume_the_file_is_replaced(self, file: Path) -> None:
        result = api.solve(spec("pennies"), "inpg", max_iter=3, checkpoint=file)
        assert result.iterations == 3

    def test_a_damaged_one_is_refused(self, file: Path) -> None:
        file.write_bytes(file.read_bytes()[:-40])
        with pytest.raises(StoreError):
            api.solve(spec("asymmetric"), "inpg", {"step": 0.1}, max_iter=9, seed=1, checkpoint=file, resume=True)


class TestIterates:
    def test_they_are_the_answers_at_the_start_and_after_every_few_iterations(self) -> None:
        game = spec("zero-sum 2x3")
        seen = api.iterates(game, "rm+", every=3)
        for n in (0, 3, 6):
            iteration, answers = next(seen)
            assert iteration == n
            assert list(answers) == ["average", "last"]
        expected = api.solve(game, "rm+", max_iter=6, answer="average").answer
        assert expected is not None
        assert [p.tolist() for p in answers["average"]] == [p.tolist() for p in expected.answer]

    def test_a_start_and_hyperparameters_count(self) -> None:
        seen = api.iterates(spec("pennies"), "inpg", {"step": 0.25}, start=[[0.25, 0.75], [0.5, 0.5]])
        assert next(seen)[1]["last"][0].tolist() == pytest.approx([0.25, 0.75])

    def test_what_does_not_fit_is_refused(self) -> None:
        with pytest.raises(MismatchError):
            next(api.iterates(spec("distancing"), "pure"))


@pytest.mark.slow
def test_after_warmup_no_run_of_any_sort_compiles_anything(tmp_path: Path) -> None:
    """In a fresh process: every algorithm on every representation, from a seed, a start and a checkpoint."""
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from eqsolve import api
from eqsolve.run import fit
from eqsolve.kernels import on_compile
from eqsolve.analysis.structure import structure
from eqsolve.solvers import SOLVERS
from reference.specs import TEXTS, spec
from eqsolve.spec.load import parse
compiled = []
api.warmup()
random = "{{kind: random-matrix, players: 2, actions: [20, 20], seed: 1, structure: "
large = [parse(random + kind + "}}", kind) for kind in ("general", "zero-sum")]
on_compile.append(lambda name, kept: compiled.append(name))
for game in [*map(spec, TEXTS), *large]:
    for row in SOLVERS.values():
        if not (fit.fits(row, game.form, structure(game.form)) and fit.is_quick(row, game.form)):
            continue
        file = Path({str(tmp_path)!r}) / "c.npz"
        for n in (3, 6):
            api.solve(game, row.name, max_iter=n, checkpoint=file, resume=True)
        file.unlink()
        if row.name in ("inpg", "ipg", "regret-matching+"):
            api.solve(game, row.name, max_iter=3, start=game.form.uniform())
            for init in ("uniform", "logits-normal") if row.name != "regret-matching+" else ():
                api.solve(game, row.name, dict(init=init), max_iter=3)
            next(api.iterates(game, row.name))
print(compiled)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


class TestPolish:
    """Shapley's game: the average of regret matching+ goes round, the polish of its support is the equilibrium."""

    def test_it_is_a_hyperparameter_of_every_method_that_polishes(self) -> None:
        polishing = {row.name for row in SOLVERS.values() if row.polish}
        assert polishing == {"regret-matching+", "neppo", "regret-matching", "qre"}
        for row in SOLVERS.values():
            of_a_part = row.name in ("n-player", "portfolio")  # they polish answers of methods that they try
            assert ("polish" in [p.name for p in parameters_of(row)]) == (row.polish or of_a_part)

    @pytest.mark.parametrize("switch", [{"parameters": {"polish": False}}, {"polish": False}])
    def test_off_the_answer_is_the_methods_own(self, switch: dict[str, Any]) -> None:
        game = parse("{kind: shapley, a: [1.2, 1, 1], b: [1.2, 1, 1]}", "shapley")
        polished = api.solve(game, "regret-matching+", max_iter=200)
        plain = api.solve(game, "regret-matching+", max_iter=200, **switch)
        assert polished.answer is not None
        assert plain.answer is not None
        assert polished.answer.record.polished
        assert polished.answer.record.nash_gap < 1e-12
        assert not any(record.polished for record in plain.records)
        assert plain.answer.record.nash_gap > 1e-4
        assert (polished.algorithm.parameters["polish"], plain.algorithm.parameters["polish"]) == (True, False)

    def test_it_belongs_to_the_run_that_a_checkpoint_continues(self, tmp_path: Path) -> None:
        game, file = api.load("@shapley/shapley"), tmp_path / "c.npz"
        api.solve(game, "qre", max_iter=5, checkpoint=file)
        with pytest.raises(StoreError, match="its parameter polish is True, this run's is False"):
            api.solve(game, "qre", max_iter=9, checkpoint=file, resume=True, polish=False)

    def test_neppo_keeps_what_its_descents_leave_as_it_is(self) -> None:
        game = api.load("@matrix/neppo-alpha-3-5")
        polished, plain = (api.solve(game, "neppo", max_iter=64, polish=polish) for polish in (True, False))
        assert polished.answer is not None
        assert plain.answer is not None
        assert polished.answer.record.nash_gap < 1e-12
        assert plain.answer.record.nash_gap > 1e-6

    def test_other_methods_have_no_such_switch(self) -> None:
        with pytest.raises(UsageError, match="unknown parameter 'polish' of inpg"):
            api.solve(api.load("@matrix/chicken"), "inpg", {"polish": False}, max_iter=1)
        assert api.solve(api.load("@matrix/chicken"), "inpg", max_iter=1, polish=False).answer is not None

    def test_a_wrong_value_is_refused(self) -> None:
        with pytest.raises(UsageError, match="polish: expected true or false, got 3"):
            api.solve(api.load("@matrix/chicken"), "qre", {"polish": 3}, max_iter=1)


def test_rounded_decimals_are_judged_if_the_caller_says_that_they_are_rounded() -> None:
    rounded = [[0.33, 0.66], ["1/2", "1/2"]]
    with pytest.raises(ProfileError, match=r"sum to 0\.99") as refused:
        api.deviations(spec("pennies"), rounded)
    assert "normalise=True" in str(refused.value.hint)
    judged = api.deviations(spec("pennies"), rounded, normalise=True)
    assert judged.regrets.tolist() == pytest.approx([0, 1 / 3], abs=1e-12)
