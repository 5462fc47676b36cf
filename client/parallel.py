"""Work in a few threads, which KeyboardInterrupt ends in the calling thread wherever it is raised."""

import time
from _thread import LockType, allocate_lock, start_new_thread
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")
GRACE: Final = 2.0
"""Seconds for which an interrupted call waits for the work that runs, so that its result is known."""
_TICK: Final = 0.1  # seconds after which a signal is handled that arrived just before the thread waited


def map_parallel(work: Callable[[Value], Result], values: Iterable[Value], threads: int) -> list[Result]:
    """The results of the work in the order of the values; the first exception cancels the rest and is raised.

    The threads end with the process. The calling thread starts them and waits for them without `threading`, whose
    conditions are locked and released in Python code: KeyboardInterrupt in that code could leave one locked for ever.
    """
    values = tuple(values)
    results: dict[int, Result] = {}
    errors: list[BaseException] = []
    numbers = iter(range(len(values)))  # of which each thread takes the next one

    def run(ended: LockType) -> None:
        try:
            for number in numbers:
                if errors:
                    break
                results[number] = work(values[number])
        except BaseException as error:
            errors.append(error)
        finally:
            ended.release()

    running: list[LockType] = []
    try:
        for _ in range(min(threads, len(values))):
            ended = allocate_lock()
            ended.acquire()
            start_new_thread(run, (ended,))
            running.append(ended)
        for ended in running:
            while not ended.acquire(timeout=_TICK):
                pass
            ended.release()
    except BaseException as error:
        errors.append(error)
        deadline = time.monotonic() + GRACE
        for ended in running:
            if ended.acquire(timeout=max(0.0, deadline - time.monotonic())):
                ended.release()
        raise
    if errors:
        raise errors[0]
    return [results[number] for number in range(len(values))]
