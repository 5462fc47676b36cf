"""The progress of a clean-up: one changing line on a terminal, a few lines elsewhere."""

import threading
from collections.abc import Callable
from typing import Final, TextIO

Progress = Callable[[int, int], None]
"""Called with the number of customers deleted so far and the number to delete."""

_MIN_CUSTOMERS: Final = 100  # a clean-up of fewer is too short for lines in a log
_LINES: Final = 4


def progress_printer(stream: TextIO) -> Progress:
    """A `Progress` that writes to the stream; safe between threads."""
    lock = threading.Lock()
    printed = 0

    def write(done: int, total: int) -> None:
        nonlocal printed
        with lock:
            if done <= printed:
                return  # another thread was faster
            line = f"Deleting customers: {done} of {total}"
            if stream.isatty():
                stream.write(f"\r{line}" + ("\n" if done == total else ""))
            elif total >= _MIN_CUSTOMERS and done * _LINES // total > printed * _LINES // total:
                stream.write(f"{line}\n")
            printed = done
            stream.flush()

    return write
