"""The failures that a run has found: each is shrunk and reported once, within a limited number of requests."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from harness import triage
from harness.checks.evidence import Record
from harness.checks.poll_limits import PollLimits
from harness.plugin.run_interface import RunInterface
from reporting import key

Key = tuple[str, str]
"""The clause and the signature of a mismatch."""


@dataclass(frozen=True)
class Snapshot:
    """What processes share of failures; the fields are those of `KnownFailures` and `PollLimits`."""

    violated: Mapping[Key, str] = field(default_factory=dict)
    reported: Mapping[Key, str] = field(default_factory=dict)
    timed_out: frozenset[str] = frozenset()
    seen: frozenset[Key] = frozenset()


@dataclass
class KnownFailures:
    """What shrinking, triage and reports know of earlier failures.

    budget: the requests that shrinking and repeated triage may still send; violated: for each key of a failure that
    has a minimal example, the clause that triage has found to be violated; reported: the test of each reported key.
    """

    run: RunInterface
    budget: int
    violated: dict[Key, str] = field(default_factory=dict)
    reported: dict[Key, str] = field(default_factory=dict)
    poll_limits: PollLimits = field(default_factory=PollLimits)

    @property
    def snapshot(self) -> Snapshot:
        """What is known, for another process."""
        poll_limits = self.poll_limits
        return Snapshot(
            dict(self.violated),
            dict(self.reported),
            frozenset(poll_limits.timed_out),
            frozenset(poll_limits.seen),
        )

    def merge(self, snapshot: Snapshot) -> None:
        """Add what another process knows; of a failure that both have reported, this report stays the first."""
        self.violated = {**snapshot.violated, **self.violated}
        self.reported = {**snapshot.reported, **self.reported}
        self.poll_limits.timed_out |= snapshot.timed_out
        self.poll_limits.seen |= snapshot.seen

    def may_shrink(self, keys: Collection[Key]) -> bool:
        """Whether a test that failed with these keys may look for smaller examples."""
        return self.budget > 0 and any(each not in self.violated for each in keys)

    def triage(self, record: Record, *, known: bool = True) -> None:
        """Let triage name the clauses that a failed test violates.

        Where the key is known, the cause may differ; known=False: not of a failure that tests share.
        """
        for clause_id, failed in [*record.failed.items()]:
            met = key(clause_id, failed.mismatch)
            violated = self.violated.get(met, clause_id)
            if met not in self.violated or (known and self.budget > 0):
                start = self.run.position()
                violated = triage.violated_clause(self.run.api, failed.mismatch)
                self.budget -= self.run.position() - start
            self.violated.setdefault(met, violated)
            if violated != clause_id:
                record.move(clause_id, violated)

    def withhold(self, record: Record) -> None:
        """Take the failures from a record that the run has reported of another test: they block this one."""
        for clause_id, failed in [*record.failed.items()]:
            found = key(clause_id, failed.mismatch)
            if self.reported.setdefault(found, record.test) != record.test:
                record.block(clause_id, found[1])
