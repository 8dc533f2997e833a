"""Words, numbers and quoted texts of Gambit's files, one after another, each with its place.

Blanks and line ends part tokens and mean nothing else. A text stands in quotation marks; `\\"` in it is one of them,
and so no text can end with a backslash. A number is an integer, a decimal, with an exponent or not, or a rational 1/3.
"""

from __future__ import annotations

import re
from array import array
from fractions import Fraction
from itertools import islice
from typing import NoReturn

from eqsolve.errors import Problem, SpecError
from eqsolve.printable import printable
from eqsolve.spec.faults import Refusal, describe
from eqsolve.spec.numbers import MAX_EXPONENT, MAX_NUMBER
from eqsolve.spec.scalars import MAX_CHARACTERS, is_rounded

#: Characters of a label; more is a misplaced quotation mark.
MAX_QUOTED_LABEL = 2000

TEXT, NUMBER, WORD, END = "text", "number", "word", "end"

_TOKEN = re.compile(
    r"""\s*+(?:
        (?P<mark>[{},])
      | "(?P<text>(?:[^"\\]++|\\++"?+)*+)"
      | (?P<number>[-+]?(?:[0-9]++/[0-9]++ | (?:[0-9]++(?:\.[0-9]*+)?+ | \.[0-9]++)(?:[eE][-+]?[0-9]++)?))
        (?=[\s{},"]|\Z)
      | (?P<word>[^\s{},"]++)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)

#: At most 10,000 integers and decimals with blanks between them: no fractions, nothing too long to be a number. The
#: outer quantifier is not possessive: until Python 3.11.4 those leave behind what a failed last round had matched.
_DECIMALS = re.compile(
    r"(?>[-+]?(?:[0-9]{1,100}+(?:\.[0-9]{0,100}+)?+|\.[0-9]{1,100}+)(?:[eE][-+]?[0-9]{1,3}+)?+(?:\s++|\Z)){0,10000}"
)


class Tokens:
    """The current token: its `kind` (`{`, `}`, `,`, TEXT, NUMBER, WORD or END), its `value` and where it begins."""

    def __init__(self, source: str, origin: str) -> None:
        self.source, self.origin = source, origin
        self._next = 0
        self._numbers: dict[str, Fraction] = {}
        #: The float64 value of a number, and the number itself where that is not what its shortest decimal says.
        self._rounded: dict[str, tuple[float, Fraction | None]] = {}
        self.advance()

    def advance(self) -> None:
        """Goes on to the next token."""
        match = _TOKEN.match(self.source, self._next)
        if match is None:
            at = self._next + len(self.source[self._next :]) - len(self.source[self._next :].lstrip())
            self.fail("this quotation mark is never closed", at=at)
        group = match.lastgroup or END
        self.value = match[group]
        self.kind = self.value if group == "mark" else group
        self.at = match.start(group) - (group == TEXT)
        self._next = match.end()

    def fail(self, message: str, hint: str | None = None, at: int | None = None) -> NoReturn:
        """Raises SpecError at the current token, or at the character `at`."""
        line, column = self.place(self.at if at is None else at)
        raise SpecError(self.origin, [Problem(message, line=line, column=column, hint=hint)], self.source)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character, counted from 1."""
        return place(self.source, at)

    def missing(self, what: str, hint: str | None = None) -> NoReturn:
        """Raises SpecError: `what` was expected here."""
        self.fail(f"expected {what}, found {self.found()}", hint)

    def found(self) -> str:
        """The current token as a message names it."""
        if self.kind == END:
            return "the end of the file"
        return f"the text {describe(self.value)}" if self.kind == TEXT else describe(self.value)

    def take(self, kind: str, what: str) -> str:
        """The value of the current token, which must be of `kind`; goes on."""
        if self.kind != kind:
            self.missing(what)
        value = self.value
        self.advance()
        return value

    def skip(self, kind: str) -> bool:
        """Goes on if the current token is of `kind`."""
        if self.kind != kind:
            return False
        self.advance()
        return True

    def label(self, what: str) -> str:
        """A text in one line, blanks as single spaces; control characters become visible."""
        if self.kind == TEXT and len(self.value) > MAX_QUOTED_LABEL:
            self.fail(f"{what} of more than {MAX_QUOTED_LABEL} characters", "is a quotation mark missing or misplaced?")
        return free_text(self.take(TEXT, f"{what} in quotation marks"))

    def integer(self, what: str) -> int:
        """An integer."""
        if self.kind != NUMBER or not re.fullmatch("[-+]?[0-9]{1,18}", self.value):
            self.missing(what)
        return int(self.take(NUMBER, what))

    def numbers(self, most: int, what: str) -> tuple[array[float], dict[int, Fraction]]:
        """Numbers from here on, a comma after each or not, as long as there are any and no more than `most`.

        Beside the float64 numbers stand, by their place among them, what those are exactly that no short decimal says.
        """
        values = array("d")
        fractions: dict[int, Fraction] = {}
        while self.kind == NUMBER and len(values) < most:
            if not self._decimals(most, values, fractions):
                text = self.value
                known = self._rounded.get(text)
                if known is None:
                    number = self.rational(what)
                    kept = Fraction(repr(float(number))) != number
                    known = self._rounded[text] = (float(number), number if kept else None)
                else:
                    self.advance()
                if known[1] is not None:
                    fractions[len(values)] = known[1]
                values.append(known[0])
            self.skip(",")
        return values, fractions

    def _decimals(self, most: int, values: array[float], fractions: dict[int, Fraction]) -> bool:
        """Appends the run of decimals that begins here, all at once; whether there was one.

        What those with too many digits for a float64 say goes to `fractions`.
        """
        run = _DECIMALS.match(self.source, self.at)
        words = run[0].split() if run else []
        if run is None or not words:
            return False
        end = run.end()
        if len(values) + len(words) > most:
            words = words[: most - len(values)]
            end = self._word(len(words))
        found = [float(word) for word in words]
        if max(found) > MAX_NUMBER or min(found) < -MAX_NUMBER:
            k = next(k for k, x in enumerate(found) if abs(x) > MAX_NUMBER)
            self.fail(f"the number {describe(words[k])} is beyond ±{MAX_NUMBER:g}", at=self._word(k))
        for k, (word, x) in enumerate(zip(words, found, strict=True), len(values)):
            if is_rounded(word, x):
                fractions[k] = Fraction(word)
        values.extend(found)
        self._next = end
        self.advance()
        return True

    def _word(self, k: int) -> int:
        """Where the k-th word from here begins, counted from 0."""
        return next(islice(re.compile(r"\S++").finditer(self.source, self.at), k, None)).start()

    def rational(self, what: str) -> Fraction:
        """A number, exactly as it is written."""
        if self.kind != NUMBER:
            self.missing(what)
        known = self._numbers.get(self.value)
        if known is None:
            try:
                known = self._numbers[self.value] = exact(self.value)
            except Refusal as refusal:
                self.fail(refusal.message)
        self.advance()
        return known


def place(source: str, at: int) -> tuple[int, int]:
    """Line and column of a character, counted from 1."""
    lines = (source[:at] + "x").splitlines()
    return len(lines), len(lines[-1])


def exact(text: str) -> Fraction:
    """The rational that a number token writes; Refusal where one cannot compute with it."""
    exponent = re.search("[eE]([-+]?[0-9]+)", text)
    if len(text) > MAX_CHARACTERS or (exponent and abs(int(exponent[1])) > MAX_EXPONENT):
        raise Refusal(f"the number {describe(text)} has more digits or a larger exponent than fit")
    try:
        value = Fraction(text)
    except ZeroDivisionError:
        raise Refusal(f"division by zero in {describe(text)}") from None
    if abs(value) > MAX_NUMBER:
        raise Refusal(f"the number {describe(text)} is beyond ±{MAX_NUMBER:g}")
    return value


def free_text(value: str) -> str:
    """What a quoted text says, in one line."""
    return printable(" ".join(value.replace('\\"', '"').split()))
