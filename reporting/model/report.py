"""The report as plain values: what follows for each clause of what was found, and the whole run.

The JSON form has the keys of conformance.schema.json; every value is frozen, and reading back what was
written gives an equal value. What one test found of a clause is in findings.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, Self

from reporting.coverage import Coverage
from reporting.formats.text import plain
from reporting.model.delays import Delays
from reporting.model.findings import Evidence, Failure
from reporting.verdicts import gate
from spec.clauses import Level

SCHEMA_VERSION = "1.1"
READABLE = ("1.0", SCHEMA_VERSION)
"""1.1 added what is optional in the schema: the versions of what ran the suite, coverage, delays (also those of
each clause), the defects that prove a clause, deviations, the signature and the acceptance of a failure, and shards."""

State = Literal["accepted", "expired", "unneeded", "unasked"]
Verdict = Literal["pass", "fail", "known", "error", "skipped", "observed", "not_assessed"]
LEVELS: tuple[Level, ...] = ("must", "should", "unspecified")
VERDICTS: tuple[Verdict, ...] = ("fail", "error", "known", "pass", "observed", "skipped", "not_assessed")

UNTESTABLE = "Untestable: "  # how the reason of a clause begins that no run can judge


@dataclass(frozen=True, slots=True)
class Deviation:
    """A failure that is accepted for a reason, until the end of the day `expires` (UTC).

    Without a `signature` every failure of the clause is meant. `state` is what the run says of the entry:
    it was needed, it has expired though it is still needed, its clause failed no more, or nobody asked.
    """

    clause: str
    reason: str
    expires: date
    issue: str = ""
    signature: str = ""
    state: State = "unasked"

    def covers(self, clause_id: str, failure: Failure) -> bool:
        """Whether the entry means this failure of the clause, whatever the day."""
        return self.clause == clause_id and self.signature in ("", failure.signature)

    def told(self) -> str:
        """Why the failure is accepted, and until when."""
        issue = f" ({self.issue})" if self.issue else ""
        return f"{self.reason.rstrip('.')}{issue}, until {self.expires.isoformat()}"

    def to_json(self) -> dict[str, Any]:
        return {
            "clause": self.clause,
            "reason": self.reason,
            "expires": self.expires.isoformat(),
            "issue": self.issue,
            "signature": self.signature,
            "state": self.state,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{**document, "expires": date.fromisoformat(document["expires"])})


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """A clause with what the run says of it."""

    id: str
    level: Level
    operation: str
    text: str
    source: str
    verdict: Verdict
    reason: str = ""
    reading: str = ""
    evidence: Evidence = field(default_factory=Evidence)
    failures: tuple[Failure, ...] = ()

    @property
    def untestable(self) -> bool:
        """Whether no run can judge the clause, whatever the tenant or the options."""
        return self.verdict == "not_assessed" and self.reason.startswith(UNTESTABLE)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "level": self.level,
            "operation": self.operation,
            "text": self.text,
            "source": self.source,
            "verdict": self.verdict,
            "reason": self.reason,
            "reading": self.reading,
            "evidence": self.evidence.to_json(),
            "failures": [failure.to_json() for failure in self.failures],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        evidence = Evidence.from_json(document["evidence"])
        failures = tuple(Failure.from_json(failure) for failure in document["failures"])
        return cls(**{**document, "evidence": evidence, "failures": failures})


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite that asked: its version, Hypothesis profile, and seed (None: derived from the tests).

    `versions` are those of what ran it, by name.
    """

    version: str
    profile: str
    seed: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """The tenant that answered; `config` is the effective configuration, without secrets."""

    api_url: str
    tenant: str
    kind: Literal["mock", "live"]
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requests:
    """How many requests the run sent, in all, by operation and by status code (as text)."""

    total: int = 0
    by_operation: Mapping[str, int] = field(default_factory=dict)
    by_status: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Data:
    """How many customers the run created, deleted and left behind."""

    created: int = 0
    deleted: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """One run: who asked whom and when, and every clause of the catalogue with its verdict.

    `started_at` is an aware datetime, `duration_s` seconds; `delays` by the window that they were waited for in.
    `shard` is which part of a divided run this is, as in "2/5"; `missing` names the shards that a merged report
    lacks.
    """

    suite: Suite
    target: Target
    started_at: datetime
    duration_s: float
    requests: Requests
    data: Data
    clauses: tuple[ClauseVerdict, ...]
    coverage: Coverage = field(default_factory=Coverage)
    delays: Mapping[str, Delays] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    shard: str = ""
    missing: tuple[str, ...] = ()

    def select(self, verdict: Verdict | None = None, level: Level | None = None) -> tuple[ClauseVerdict, ...]:
        """The clauses of this verdict and this level, in catalogue order."""
        return tuple(
            clause
            for clause in self.clauses
            if (verdict is None or clause.verdict == verdict) and (level is None or clause.level == level)
        )

    def failing(self) -> tuple[ClauseVerdict, ...]:
        """The failing clauses, MUST before SHOULD, each in catalogue order."""
        return tuple(sorted(self.select("fail"), key=lambda clause: LEVELS.index(clause.level)))

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values; `summary` is derived from the clauses and ignored on reading."""
        return {
            "schema_version": SCHEMA_VERSION,
            "suite": {
                "version": self.suite.version,
                "profile": self.suite.profile,
                "seed": self.suite.seed,
                "versions": dict(self.suite.versions),
            },
            "target": {
                "api_url": self.target.api_url,
                "tenant": self.target.tenant,
                "kind": self.target.kind,
                "config": plain(self.target.config),
            },
            "started_at": self.started_at.astimezone(UTC).isoformat(),
            "duration_s": self.duration_s,
            "requests": {
                "total": self.requests.total,
                "by_operation": dict(self.requests.by_operation),
                "by_status": dict(self.requests.by_status),
            },
            "data": {"created": self.data.created, "deleted": self.data.deleted, "left": self.data.left},
            "delays": {name: delays.to_json() for name, delays in self.delays.items()},
            "clauses": [clause.to_json() for clause in self.clauses],
            "coverage": self.coverage.to_json(),
            "deviations": [deviation.to_json() for deviation in self.deviations],
            **({"shard": self.shard} if self.shard else {}),
            **({"missing": list(self.missing)} if self.missing else {}),
            "summary": {
                "sentence": gate.verdict_sentence(self),
                **{level: count(self.select(level=level)) for level in LEVELS},
            },
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The report of a document that conforms to conformance.schema.json."""
        return cls(
            suite=Suite(**document["suite"]),
            target=Target(**document["target"]),
            started_at=datetime.fromisoformat(document["started_at"]),
            duration_s=document["duration_s"],
            requests=Requests(**document["requests"]),
            data=Data(**document["data"]),
            clauses=tuple(ClauseVerdict.from_json(clause) for clause in document["clauses"]),
            coverage=Coverage.from_json(document.get("coverage", {})),
            delays={name: Delays.from_json(each) for name, each in document.get("delays", {}).items()},
            deviations=tuple(Deviation.from_json(each) for each in document.get("deviations", ())),
            shard=document.get("shard", ""),
            missing=tuple(document.get("missing", ())),
        )


def count(clauses: Iterable[ClauseVerdict]) -> dict[Verdict, int]:
    """How many of these clauses have each verdict, zeros included."""
    seen = Counter(clause.verdict for clause in clauses)
    return {verdict: seen[verdict] for verdict in VERDICTS}
