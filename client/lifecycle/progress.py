"""How far a clean-up is, for whoever waits for it: one line that changes on a terminal, a few lines elsewhere."""

import threading
from collections.abc import Callable
from typing import Final, TextIO

Progress = Callable[[int, int], None]
_WORTH_TELLING: Final = 100  # customers; fewer are gone before anybody has read of them
_PARTS: Final = 4


def shown(stream: TextIO) -> Progress:
    """Tells (done, all) to the stream; safe between threads."""
    lock = threading.Lock()
    told = 0

    def line(done: int, all: int) -> None:
        nonlocal told
        with lock:
            if done <= told:
                return  # overtaken by another thread
            if stream.isatty():
                stream.write(f"\rDeleting what was made: {done} of {all}" + ("\n" if done == all else ""))
            elif all >= _WORTH_TELLING and done * _PARTS // all > told * _PARTS // all:
                stream.write(f"Deleting what was made: {done} of {all}\n")
            told = done
            stream.flush()

    return line
