"""The file of a ledger: its events, and a lock that the operating system releases however the process ends."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

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


def events(path: Path) -> Iterator[Mapping[str, Any]]:
    """The events in the file, in order; a line that is no event, such as a torn one, is skipped."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
