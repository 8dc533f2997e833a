"""How many threads sweeps may take: one, but inside `threads(count)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

_pool: ContextVar[tuple[int, ThreadPoolExecutor] | None] = ContextVar("_pool", default=None)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Inside it sweeps of large games may take `count` threads; what they compute is the same, bit for bit."""
    if count == 1:
        yield
        return
    with ThreadPoolExecutor(count) as pool:
        token = _pool.set((count, pool))
        try:
            yield
        finally:
            _pool.reset(token)


def available() -> int:
    """How many threads there are."""
    pool = _pool.get()
    return 1 if pool is None else pool[0]


def at_once(work: Callable[[int, int], None]) -> None:
    """work(part, parts) for each part, as many as threads; the caller waits, free for signals."""
    pool = _pool.get()
    if pool is None:
        work(0, 1)
        return
    for _ in pool[1].map(work, range(pool[0]), [pool[0]] * pool[0]):
        pass
