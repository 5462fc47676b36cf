"""One run of the suite: its name, and where it writes."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NAMED: Final = re.compile(r"cct-([a-z0-9]{5})-", re.IGNORECASE)
"""How whatever a run made begins; the group is the run's id."""
EVERY: Final = "cct-"
"""How whatever any run made begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """`id` is 5 lower-case base-36 characters; everything the run makes is named under `prefix`."""

    id: str
    report_dir: Path

    @property
    def prefix(self) -> str:
        """What every id and e-mail address of the run begins with."""
        return f"cct-{self.id}-"

    @property
    def ledger(self) -> Path:
        """Where the run writes down what it makes, before it makes it."""
        return self.report_dir / "ledger" / f"{self.id}.jsonl"
