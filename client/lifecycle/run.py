"""One run of the suite: its id, the prefix of its customers, and the folder of its reports."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ANY_RUN: Final = "cct-"
"""The prefix of the ids and e-mail addresses of every run."""
RUN_PREFIX: Final = re.compile(rf"{ANY_RUN}([a-z0-9]{{5}})-", re.IGNORECASE)
"""Matches the prefix of one run; the group is the run id."""
_ID_CHARACTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_run_id() -> str:
    """A random run id."""
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(5))


@dataclass(frozen=True, slots=True)
class Run:
    """`id` is 5 lower-case base-36 characters; the ids or addresses of all its customers begin with `prefix`.

    `worker` is the number of the worker process that sends the requests; None for the process that a user starts.
    """

    id: str
    report_dir: Path
    worker: int | None = None

    @property
    def prefix(self) -> str:
        """The prefix of the ids and e-mail addresses of this run."""
        return f"{ANY_RUN}{self.id}-"

    @property
    def ledger(self) -> Path:
        """The file of the write-ahead log; `Ledger.absorb_workers` depends on the names of those of workers."""
        name = self.id if self.worker is None else f"{self.id}.{self.worker}"
        return self.report_dir / "ledger" / f"{name}.jsonl"
