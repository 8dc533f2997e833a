"""A game that a program hands over as a form; no spec tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from eqsolve.spec.base import Family

if TYPE_CHECKING:
    from eqsolve.forms.base import Form


class Given(Family):
    """A game as arrays; its hash covers what the form calls its identity: labels and the arrays that kernels take."""

    form: Any

    template: ClassVar[str] = ""

    @classmethod
    def of(cls, form: Form) -> Given:
        """Wrap `form`, whose name ('normal', 'markov', 'sequence', …) becomes the kind."""
        return cls.model_construct(kind=form.name, form=form)

    def canonical(self) -> dict[str, Any]:
        form: Form = self.form
        return {"kind": self.kind, **form.identity}

    def build(self) -> Form:
        """Return the form that was handed over."""
        return self.form  # type: ignore[no-any-return]  # `of` took a form
