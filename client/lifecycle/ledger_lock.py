"""An advisory lock that ends with the process, however it ends."""

from typing import IO

try:
    import fcntl
except ImportError:  # Windows has no flock; there a sweep relies on --older-than

    def lock(file: IO[str]) -> bool:  # noqa: ARG001
        """Nothing to lock with."""
        return True

else:

    def lock(file: IO[str]) -> bool:
        """Take the lock without waiting; False where another process holds it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
