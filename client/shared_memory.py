"""Values that a process shares with its forks, and a lock for them."""

import os
import tempfile
import threading
import weakref
from ctypes import Structure
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Self, TypeVar

try:
    import fcntl
except ImportError:  # Windows, which has no forks: there a lock of threads is enough
    fcntl = None  # type: ignore[assignment]

State = TypeVar("State", bound=Structure)


def shared(state: type[State]) -> State:
    """A structure of zeros in memory that this process and its later forks share."""
    return RawValue(state)


class SharedLock:
    """Excludes the threads of this process and its forks.

    The operating system releases the lock of a killed process, where a semaphore would stay locked for ever.
    """

    def __init__(self) -> None:
        self._threads = threading.Lock()
        if fcntl is not None:
            self._file, path = tempfile.mkstemp(prefix="contract-lock-")
            Path(path).unlink()
            weakref.finalize(self, os.close, self._file)

    def __enter__(self) -> Self:
        self._threads.acquire()
        try:
            if fcntl is not None:
                fcntl.lockf(
                    self._file, fcntl.LOCK_EX
                )  # of the process, other than flock, whose locks forks share
        except BaseException:
            self._threads.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if fcntl is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()
