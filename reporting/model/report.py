"""The report as values: the verdict on each clause, and the whole run.

The keys of conformance.json are the fields of these models, and conformance.schema.json is generated from them. Every
value is frozen, and reading back what was written gives an equal value.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import UTC, date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, Field
from pydantic.dataclasses import dataclass

from reporting.model.base import STRICT, Count, Seconds, Text
from reporting.model.coverage import Coverage
from reporting.model.delays import Delays, WindowName
from reporting.model.findings import Evidence, Failure, Reason
from spec.clauses import Level

State = Literal["accepted", "expired", "unneeded", "not_assessed"]
Verdict = Literal["pass", "fail", "known", "error", "skipped", "observed", "not_assessed"]
LEVELS: Final[tuple[Level, ...]] = ("must", "should", "unspecified")
VERDICTS: Final[tuple[Verdict, ...]] = (
    "fail",
    "error",
    "known",
    "pass",
    "observed",
    "skipped",
    "not_assessed",
)

ASSESSED: Final = frozenset[Verdict]({"pass", "fail", "known"})
"""The verdicts of a clause that was assessed; what is unspecified cannot be."""

Shard = Annotated[str, Field(pattern=r"^[1-9][0-9]*/[1-9][0-9]*$")]
UtcTime = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


@dataclass(frozen=True, slots=True, config=STRICT)
class Deviation:
    """A failure that is accepted for a reason, until the end of the day `expires` (UTC).

    Without a `signature` it covers every failure of the clause. `state` is the result of the run: the clause fails
    as accepted, fails although the entry has expired, no longer fails, or was not assessed.
    """

    clause: Text
    reason: Text
    expires: date
    issue: Text = ""
    signature: Text = ""
    state: State = "not_assessed"

    def covers(self, clause_id: str, failure: Failure) -> bool:
        """Whether the entry is about this failure of the clause, whatever the day."""
        return self.clause == clause_id and self.signature in ("", failure.signature)

    @property
    def justification(self) -> str:
        """Why the failure is accepted, and until when."""
        issue = f" ({self.issue})" if self.issue else ""
        return f"{self.reason.rstrip('.')}{issue}, until {self.expires.isoformat()}"


@dataclass(frozen=True, slots=True, config=STRICT)
class ClauseVerdict:
    """A clause with its verdict.

    `reason` and `reason_code` are why the clause was not assessed, or not completely; `reading` is what the tenant
    does where the contract leaves the behaviour unspecified. The id is also the anchor of the clause in the HTML.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    level: Level
    operation: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    text: Text
    source: Text
    verdict: Verdict
    reason: Text = ""
    reason_code: Annotated[Reason | None, Field(exclude_if=lambda code: code is None)] = None
    reading: Text = ""
    evidence: Evidence = field(default_factory=Evidence)
    failures: tuple[Failure, ...] = ()

    @property
    def untestable(self) -> bool:
        """Whether no run can assess the clause, whatever the tenant or the options."""
        return self.verdict == "not_assessed" and self.reason_code == "untestable"


@dataclass(frozen=True, slots=True, config=STRICT)
class Suite:
    """The suite: its version, Hypothesis profile, and seed (null: the shards have several).

    `versions` are those of Python and of the libraries that decide which examples are generated, by name.
    """

    version: Text
    profile: Text
    seed: int | None = None
    versions: Mapping[Text, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, config=STRICT)
class Target:
    """The tenant under test; `config` is the effective configuration, without secrets."""

    api_url: Text
    tenant: Text
    kind: Literal["mock", "live"]
    config: Mapping[Text, Any] = field(default_factory=dict)

    @property
    def identity(self) -> dict[str, str]:
        """What distinguishes the tenant from others; the embedded one listens on another port in each run."""
        address = {"api_url": self.api_url} if self.kind == "live" else {}
        return {"kind": self.kind, "tenant": self.tenant, **address}


@dataclass(frozen=True, slots=True, config=STRICT)
class Requests:
    """How many requests the run sent, in all, by operation and by status code (as text)."""

    total: Count = 0
    by_operation: Mapping[Text, Count] = field(default_factory=dict)
    by_status: Mapping[Text, Count] = field(default_factory=dict)

    def __add__(self, other: "Requests") -> "Requests":
        return Requests(
            self.total + other.total,
            dict(sorted((Counter(self.by_operation) + Counter(other.by_operation)).items())),
            dict(sorted((Counter(self.by_status) + Counter(other.by_status)).items())),
        )


@dataclass(frozen=True, slots=True, config=STRICT)
class Data:
    """How many customers the run created, deleted and left behind.

    `unaccounted` is the number of requests that may have left a customer which cannot be found: no response named
    it, and no property of it is of this run. A rejected request counts only where a rejected create had an effect.
    `unaccounted_at` has their times. `addresses_left` is the number of addresses that the tenant returns of deleted
    customers.
    """

    created: Count = 0
    deleted: Count = 0
    left: Count = 0
    unaccounted: Count = 0
    unaccounted_at: tuple[Text, ...] = ()
    addresses_left: Count = 0

    def __add__(self, other: "Data") -> "Data":
        return Data(
            self.created + other.created,
            self.deleted + other.deleted,
            self.left + other.left,
            self.unaccounted + other.unaccounted,
            tuple(sorted((*self.unaccounted_at, *other.unaccounted_at))),
            self.addresses_left + other.addresses_left,
        )


@dataclass(frozen=True, slots=True, config=STRICT)
class Report:
    """One run against one tenant: every clause of the catalogue with its verdict, evidence and failures.

    `duration_s` is in seconds; `delays` are how long changes took to become visible, by the window of tenant.toml;
    `shard` is which part of a divided run this is, as in "2/5"; `missing` names the shards that a merged report
    lacks.
    """

    suite: Suite
    target: Target
    started_at: UtcTime
    duration_s: Seconds
    requests: Requests
    data: Data
    clauses: tuple[ClauseVerdict, ...]
    coverage: Coverage = field(default_factory=dict)
    delays: Mapping[WindowName, Delays] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    shard: Annotated[Shard | Literal[""], Field(exclude_if=lambda shard: not shard)] = ""
    missing: Annotated[tuple[Shard, ...], Field(exclude_if=lambda shards: not shards)] = ()

    def select(self, verdict: Verdict | None = None, level: Level | None = None) -> tuple[ClauseVerdict, ...]:
        """The clauses of this verdict and this level, in catalogue order."""
        return tuple(
            clause
            for clause in self.clauses
            if (verdict is None or clause.verdict == verdict) and (level is None or clause.level == level)
        )

    def testable(self) -> tuple[ClauseVerdict, ...]:
        """The MUST clauses that some run can assess."""
        return tuple(clause for clause in self.select(level="must") if not clause.untestable)

    def counts(self) -> dict[Level, dict[Verdict, int]]:
        """How many clauses of each level have each of the verdicts that occur."""
        occurring = [verdict for verdict in VERDICTS if self.select(verdict)]
        return {
            level: {verdict: len(self.select(verdict, level)) for verdict in occurring} for level in LEVELS
        }

    def failing(self) -> tuple[ClauseVerdict, ...]:
        """The failing clauses, MUST before SHOULD, each in catalogue order."""
        return tuple(sorted(self.select("fail"), key=lambda clause: LEVELS.index(clause.level)))


def count_verdicts(clauses: Iterable[ClauseVerdict]) -> dict[Verdict, int]:
    """How many of these clauses have each verdict, zeros included."""
    counts = Counter(clause.verdict for clause in clauses)
    return {verdict: counts[verdict] for verdict in VERDICTS}
