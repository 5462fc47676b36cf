"""Locks between processes, which the operating system releases however a process ends."""

import os
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, Self

try:
    import fcntl
except ImportError:
    # Windows: without forks, threads are all that share a lock; only --older-than protects a run.
    fcntl = None  # type: ignore[assignment]


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


def try_lock(file: IO[str]) -> bool:
    """Lock the file without waiting; False if another process holds the lock."""
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
