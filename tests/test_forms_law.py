"""The table of forms: every row has what it names, and nobody asks which form a game is but those that it names.

Who works with the class of a form has it as a type and is told from the table when it is meant. What is asked of any
form is a method or an attribute of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from eqsolve.forms.base import Form
from eqsolve.forms.registry import FORMS, FormRow, part
from eqsolve.metrics.judges import Judge, judge_of
from eqsolve.spec.load import parse

PACKAGE = Path(__file__).parent.parent / "eqsolve"
#: Modules in no row that may ask for the class of a form, and why.
EXCEPTIONS = {
    # what a program hands over as a payoff tensor becomes a spec of payoffs, which can be stored
    "constructors.py",
    # its rules choose methods that are written for single representations
    "run/auto.py",
}
#: Rooms in which a module is written for the forms that it names.
WRITTEN_FOR_FORMS = ("forms", "solvers", "families", "kernels")


def classes_of_forms() -> set[str]:
    """Names of all classes of forms, but those that every form, or every form of distributions, is of."""
    for path in (PACKAGE / "forms").rglob("*.py"):
        import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"))
    found, stack = set[str](), list(Form.__subclasses__())
    while stack:
        kind = stack.pop()
        stack += kind.__subclasses__()
        if kind.__module__.startswith("eqsolve.") and kind.__name__ != "Mixed":
            found.add(kind.__name__)
    return found


def questions(tree: ast.AST, names: set[str]) -> Iterator[str]:
    """What in a source asks which form a game is: `isinstance` with a class of one, or a look at `form.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            asked = {part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name)}
            if asked & names:
                yield ast.unparse(node)
        elif (
            isinstance(node, ast.Compare)
            and ast.unparse(node.left).endswith("form.name")
            and ast.unparse(node.comparators[0]) != "row.forms"  # what a solver accepts, whichever form that is
        ):
            yield ast.unparse(node)


def of_the_table() -> set[str]:
    """Files that a row of the table names."""
    targets = {getattr(row, field.name) for row in FORMS.values() for field in fields(FormRow)}
    modules = {target.partition(":")[0] for target in targets if target is not None and ":" in target}
    return {"/".join(module.split(".")[1:]) + ".py" for module in modules}


def test_nobody_asks_which_form_a_game_is_but_who_the_table_names() -> None:
    names, permitted, seen = classes_of_forms(), of_the_table() | EXCEPTIONS, set[str]()
    assert {"NormalForm", "MarkovGame", "SequenceForm", "TensorGame", "CardForm", "HorizonGame"} <= names
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        found = list(questions(ast.parse(path.read_text(encoding="utf-8")), names))
        if found and name.partition("/")[0] not in WRITTEN_FOR_FORMS:
            assert name in permitted, f"{name}: {found[0]}"
            seen.add(name)
    assert seen >= EXCEPTIONS, "an exception that nobody needs"


def test_a_question_would_be_seen() -> None:
    source = 'isinstance(form, NormalForm | X)\nform.name == "markov"\nisinstance(form, Mixed)\nform.name in row.forms'
    assert list(questions(ast.parse(source), {"NormalForm"})) == [
        "isinstance(form, NormalForm | X)",
        "form.name == 'markov'",
    ]


@pytest.mark.parametrize("row", FORMS.values(), ids=FORMS)
def test_all_that_a_row_names_is_there(row: FormRow) -> None:
    for field in fields(FormRow):
        target = getattr(row, field.name)
        if field.name not in ("name", "games") and target is not None:
            module, _, attribute = target.partition(":")
            assert hasattr(import_module(module), attribute), target
    module, _, attribute = row.judge.partition(":")
    assert isinstance(getattr(import_module(module), attribute), Judge)
    module, _, attribute = row.form.partition(":")
    assert getattr(import_module(module), attribute).name == row.name


def test_a_name_alone_makes_no_form_one_of_a_row() -> None:
    """A form cannot choose its judge: the table looks at its class, too."""
    form = parse("{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}", "game.yaml").form
    pretended = type("Pretended", (type(form),), {"name": "markov"})
    other = pretended(form.players, (("a", "b"), ("a", "b")), form.arrays.payoffs.reshape(2, 2, 2))
    assert part(form, "judge") is judge_of(form)
    assert part(other, "judge") is None
    with pytest.raises(TypeError, match="no judge for Pretended"):
        judge_of(other)
