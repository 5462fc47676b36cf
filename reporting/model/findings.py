"""What one test found about a clause: the evidence, and the way in which the clause fails."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Annotated, Any, Literal, Self

from pydantic import Field
from pydantic.dataclasses import dataclass

from reporting.model.base import STRICT, Count, SortedTexts, Text
from reporting.model.delays import Delays
from reporting.model.exchange import Exchange
from reporting.model.mismatch import MismatchData
from reporting.model.signatures import signature
from spec import Mismatch
from spec.clauses import Need

Outcome = Literal["pass", "fail", "error", "skipped", "observed", "not_assessed"]
Reason = Literal[
    Need,  # of the clause, which the run does not meet
    "blocked",  # another clause failed first in the same test
    "budget",  # a limit of [safety] in tenant.toml was reached
    "interrupted",
    "too-few-examples",
    "network",
    "preflight",
    "not-selected",  # no test of the run checks the clause
    "untestable",  # no run can assess the clause
    "no-evidence",  # the tests ran and checked nothing of the clause
    "other",
]
"""Why a clause was not assessed, or not completely; the hint in the report depends on it."""


@dataclass(frozen=True, slots=True, config=STRICT)
class Evidence:
    """How thoroughly a clause was tested: the examples that checked it, their requests, and the classes of input.

    `proven_by` names the defects, seeded in the mock tenant, that were shown to make the clause fail; `delays` are
    those of the changes that the tests of the clause polled for.
    """

    examples: Count = 0
    requests: Count = 0
    classes: SortedTexts = frozenset()
    proven_by: SortedTexts = frozenset()
    delays: Annotated[Delays, Field(exclude_if=lambda delays: not delays.seen)] = field(
        default_factory=Delays
    )

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(
            self.examples + other.examples,
            self.requests + other.requests,
            self.classes | other.classes,
            self.proven_by | other.proven_by,
            self.delays + other.delays,
        )


@dataclass(frozen=True, slots=True, config=STRICT)
class Failure:
    """One way in which a clause fails: what was expected, what was returned, where, and how to see it again.

    `exchanges` is the minimal sequence, redacted, in the order of sending, and `decisive` the index of the exchange
    that shows the mismatch. `replay` is a shell command, `example` the smallest failing example as Hypothesis
    prints it. `accepted` is why the failure is an accepted deviation; empty where it is none. `signature` is the
    same in every run. `mismatch` is null in reports of schema version 1. `trace_id` (W3C Trace Context) is that of the
    exchanges. `blocks` is the number of further tests that met the same mismatch.
    """

    expected: Text
    actual: Text
    detail: Text = ""
    exchanges: tuple[Exchange, ...] = ()
    replay: Text = ""
    test: Text = ""
    example: Text = ""
    accepted: Text = ""
    signature: Text = ""
    mismatch: MismatchData | None = None
    decisive: Annotated[Count | None, Field(exclude_if=lambda index: index is None)] = None
    trace_id: Annotated[Text, Field(exclude_if=lambda trace_id: not trace_id)] = ""
    blocks: Annotated[Count, Field(exclude_if=lambda tests: tests == 0)] = 0

    @classmethod
    def of(
        cls,
        mismatch: Mismatch,
        *,
        exchanges: Iterable[Mapping[str, Any] | Exchange] = (),
        decisive: int | None = None,
        trace_id: str = "",
        replay: str = "",
        test: str = "",
        example: str = "",
        redacted: Callable[[str], str] = str,
    ) -> Self:
        """The failure that the mismatch is; `exchanges` are redacted already, `redacted` applies to all else."""
        expected, actual = mismatch.texts()
        about = f"({mismatch.about})" if mismatch.path and mismatch.about else mismatch.about
        return cls(
            expected=redacted(expected),
            actual=redacted(actual),
            detail=redacted(f"{mismatch.path} {about}".strip()),
            exchanges=tuple(exchanges),  # type: ignore[arg-type] # mappings are validated
            replay=replay,
            test=test,
            example=redacted(example),
            signature=redacted(signature(mismatch)),
            mismatch=MismatchData.of(mismatch, redacted),
            decisive=decisive,
            trace_id=trace_id,
        )


@dataclass(frozen=True, slots=True, config=STRICT)
class Finding:
    """What one test found about one clause.

    `reading` is what the tenant does where the contract leaves the behaviour unspecified. `in_precondition`: the test
    does not cover the clause, which failed in one of its preconditions. `repeats` is the signature of a failure that
    an earlier test has reported, and that blocked this test.
    """

    clause: str
    test: str
    outcome: Outcome
    reason: str = ""
    reason_code: Reason | None = None
    reading: str = ""
    evidence: Evidence = field(default_factory=Evidence)
    failure: Failure | None = None
    in_precondition: bool = False
    repeats: str = ""
