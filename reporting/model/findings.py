"""What one test found of a clause: how hard it was tried, and in which way it was broken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from reporting.formats.text import plain
from reporting.model.delays import Delays
from reporting.verdicts.signatures import signature

Outcome = Literal["pass", "fail", "error", "skipped", "observed", "not_assessed"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How hard a clause was tried: examples, requests, and the distinct classes of input reached.

    `delays` are those of the changes that its tests waited for. `proven_by` names the planted defects that were
    shown to turn it red, so that green means something.
    """

    examples: int = 0
    requests: int = 0
    classes: frozenset[str] = frozenset()
    proven_by: frozenset[str] = frozenset()
    delays: Delays = field(default_factory=Delays)

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(
            self.examples + other.examples,
            self.requests + other.requests,
            self.classes | other.classes,
            self.proven_by | other.proven_by,
            self.delays + other.delays,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "examples": self.examples,
            "requests": self.requests,
            "classes": sorted(self.classes),
            "proven_by": sorted(self.proven_by),
            **({"delays": self.delays.to_json()} if self.delays.count else {}),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """`proven_by` and `delays` are there since schema version 1.1."""
        return cls(
            document["examples"],
            document["requests"],
            frozenset(document["classes"]),
            frozenset(document.get("proven_by", ())),
            Delays.from_json(document["delays"]) if "delays" in document else Delays(),
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which a clause was broken: accepted, came, where, the minimal sequence and how to replay it.

    `exchanges` are redacted already; each holds number, operation, identity, elapsed_ms,
    request {method, url, headers, body} and response {status, headers, body}. `accepted` says why the failure
    is an accepted deviation, and is empty where it is none.
    """

    expected: str
    actual: str
    detail: str = ""
    exchanges: tuple[dict[str, Any], ...] = ()
    replay: str = ""
    test: str = ""
    example: str = ""
    accepted: str = ""

    @property
    def signature(self) -> str:
        """The kind of the failure, the same in every run and for every seed."""
        return signature(self.expected, self.actual, self.detail)

    def to_json(self) -> dict[str, Any]:
        return {
            "expected": self.expected,
            "actual": self.actual,
            "detail": self.detail,
            "exchanges": [plain(exchange) for exchange in self.exchanges],
            "replay": self.replay,
            "test": self.test,
            "example": self.example,
            "signature": self.signature,
            "accepted": self.accepted,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The signature is derived from the rest and ignored on reading."""
        told = {key: value for key, value in document.items() if key != "signature"}
        return cls(**{**told, "exchanges": tuple(document["exchanges"])})


@dataclass(frozen=True, slots=True)
class Finding:
    """What one test found of one clause; `reading` is the tenant's way where the contract is open."""

    clause: str
    test: str
    outcome: Outcome
    reason: str = ""
    reading: str = ""
    evidence: Evidence = field(default_factory=Evidence)
    failure: Failure | None = None
