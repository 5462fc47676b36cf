"""An advisory file lock that the operating system releases with the process, however the process ends."""

from typing import IO

try:
    import fcntl
except (
    ImportError
):  # Windows has no flock; there a sweep of runs in progress is prevented by --older-than only

    def try_lock(file: IO[str]) -> bool:  # noqa: ARG001
        """Always True: this platform has no lock."""
        return True

else:

    def try_lock(file: IO[str]) -> bool:
        """Lock the file without waiting; False if another process holds the lock."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
