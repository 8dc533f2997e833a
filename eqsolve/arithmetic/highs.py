"""HiGHS that prints nothing: the only place where its object is made.

Some versions print a banner to file descriptor 1 while the object is being made, before any option can be set from
outside. Turning the descriptor away for that time would send astray what other threads of the same process print, so
the log is switched off from inside, in the last step of the constructor.
"""

from __future__ import annotations

from typing import Any

import highspy


class _SilentHighs(highspy.Highs):
    """HiGHS whose log is off before it has anything to say."""

    def enableCallbacks(self) -> None:  # noqa: N802  # the library's name; its constructor calls it
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # it has no types


def silent_highs() -> Any:
    """Return a new HiGHS object with its log off, for one thread, without a programme."""
    highs: Any = _SilentHighs()  # type: ignore[no-untyped-call]  # it has no types
    highs.silent()  # for a version whose constructor calls no `enableCallbacks`
    highs.setOptionValue("threads", 1)
    return highs
