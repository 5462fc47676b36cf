"""The progress of a clean-up, in a few lines."""

from collections.abc import Callable
from typing import Final, TextIO

Progress = Callable[[int, int], None]
"""Called with the number of customers deleted so far and the number to delete."""

_MIN_CUSTOMERS: Final = 100  # a clean-up of fewer is too short for lines
_LINES: Final = 4


def progress_printer(stream: TextIO) -> Progress:
    """A `Progress` that writes to the stream whenever a further part of the customers is deleted."""

    def write(done: int, total: int) -> None:
        if total >= _MIN_CUSTOMERS and done % (total // _LINES) == 0:
            stream.write(f"Deleting customers: {done} of {total}\n")
            stream.flush()

    return write
