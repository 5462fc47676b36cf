"""Accepted deviations: which failures a team accepts, why, and until when; deviations.toml has them."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Self

import tomlkit
from pydantic import AfterValidator, Strict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated_dataclass

from reporting.files import ReportError, write_atomically
from reporting.model.base import STRICT
from reporting.model.findings import Failure
from reporting.model.report import ASSESSED, ClauseVerdict, Deviation, Report, State
from reporting.text import one_line, plural
from spec import clauses
from spec.clauses import hint_for_unknown
from spec.files import first_mistake
from spec.files import one_line as message_of

NAME: Final = "deviations.toml"
VALIDITY: Final = timedelta(days=90)
"""How long a new entry is valid."""
SHOWN: Final = 90
HEADER: Final = """\
# Accepted failures: each needs a reason and is accepted until the day it expires.
# An entry with an empty reason is rejected.
"""
ENTRY: Final = """
[[deviation]]
# expected: {expected}
# actual:   {actual}
clause = "{clause}"
signature = {signature}
reason = ""
expires = {expires}
"""


@dataclass(frozen=True, slots=True)
class Deviations:
    """The deviations of a run that started on the day `today` (UTC); an entry is valid until the end of `expires`."""

    entries: tuple[Deviation, ...] = ()
    today: date = date.max

    def entry_for(self, clause_id: str, failure: Failure) -> Deviation | None:
        """The entry that accepts this failure of the clause today; None where there is none."""
        return next(
            (
                entry
                for entry in self.entries
                if entry.covers(clause_id, failure) and entry.reason and self.today <= entry.expires
            ),
            None,
        )

    def apply(self, verdict: ClauseVerdict) -> ClauseVerdict:
        """The verdict with each accepted failure marked; `known` where all of them are accepted."""
        if verdict.verdict not in ("fail", "known"):
            return verdict
        failures = tuple(
            replace(
                failure,
                accepted=entry.justification if (entry := self.entry_for(verdict.id, failure)) else "",
            )
            for failure in verdict.failures
        )
        known = bool(failures) and all(failure.accepted for failure in failures)
        return replace(verdict, verdict="known" if known else "fail", failures=failures)

    def evaluate(self, verdicts: Iterable[ClauseVerdict], *, complete: bool = True) -> tuple[Deviation, ...]:
        """Every entry with its state; none is unneeded where the run is not `complete`."""
        by_id = {verdict.id: verdict for verdict in verdicts}
        return tuple(
            replace(entry, state=self._state(entry, by_id.get(entry.clause), complete))
            for entry in self.entries
        )

    def _state(self, entry: Deviation, verdict: ClauseVerdict | None, complete: bool) -> State:
        if verdict is None:
            return "not_assessed"
        if any(entry.covers(entry.clause, failure) for failure in verdict.failures):
            return "accepted" if self.today <= entry.expires else "expired"
        return (
            "unneeded" if complete and verdict.verdict in ASSESSED and not verdict.reason else "not_assessed"
        )

    @classmethod
    def of(cls, path: Path | None, started_at: datetime, accepting: bool = False) -> Self:
        """The deviations in this file, by default deviations.toml in the working directory where it exists.

        ReportError where it cannot be used, with a sentence that names the remedy. For a run that is
        `accepting` its failures, a missing file and missing reasons are no errors.
        """
        file = path or Path(NAME)
        if not file.exists() and (path is None or accepting):
            return cls((), started_at.date())
        return cls(_read(file, accepting), started_at.date())


def _clause_that_can_fail(clause_id: str) -> str:
    """The id; ValueError where the catalogue has no such clause, or where it is unspecified."""
    if clause_id not in clauses():
        raise ValueError(f"there is no clause {clause_id!r}; {hint_for_unknown(clause_id)}")
    if clauses()[clause_id].level == "unspecified":
        raise ValueError(f"{clause_id} is unspecified and cannot fail; delete the entry")
    return clause_id


@validated_dataclass(config=STRICT)
class _Entry:
    """A table [[deviation]] of the file."""

    clause: Annotated[str, AfterValidator(_clause_that_can_fail)]
    reason: str
    expires: Annotated[date, Strict()]
    issue: str = ""
    signature: str = ""


@validated_dataclass(config=STRICT)
class _File:
    """The file."""

    deviation: tuple[_Entry, ...] = ()


_FILE: Final = TypeAdapter(_File)


def _read(path: Path, accepting: bool) -> tuple[Deviation, ...]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        entries = _FILE.validate_python(tables).deviation
    except OSError as error:
        raise ReportError(
            f"{path} cannot be read ({message_of(error)}); name an existing file with --deviations."
        ) from None
    except ValidationError as error:
        if isinstance(tables.get("deviation"), dict):
            raise ReportError(f"{path} has a table [deviation]; write each entry as [[deviation]].") from None
        raise ReportError(f"{path}{first_mistake(error)}; docs/gate.md describes the file.") from None
    except UnicodeDecodeError:
        raise ReportError(f"{path} is not UTF-8; save it as UTF-8.") from None
    except ValueError as error:
        raise ReportError(f"{path} is not valid TOML: {message_of(error)}; correct that line.") from None
    found: dict[tuple[str, str], Deviation] = {}
    for number, entry in enumerate(entries, start=1):
        place, reason = f"{path}, deviation, entry {number}", " ".join(entry.reason.split())
        if not reason and not accepting:
            raise ReportError(
                f"{place}: the reason for {entry.clause} is empty; write why the failure is accepted."
            )
        if (entry.clause, entry.signature) in found:
            raise ReportError(
                f"{place}: {entry.clause} is listed twice with the same signature; delete one of the two."
            )
        found[entry.clause, entry.signature] = Deviation(
            entry.clause, reason, entry.expires, entry.issue, entry.signature
        )
    return tuple(found.values())


def accept(report: Report, path: Path | None) -> str:
    """Add an entry for each failure that no entry covers; returns one sentence with the result.

    Existing content is kept, comments included. ReportError where the file cannot be written.
    """
    file = path or Path(NAME)
    added = list(_missing_entries(report))
    expired = sum(entry.state == "expired" for entry in report.deviations)
    renew = (
        f" {plural(expired, 'deviation')} expired: write a later date to accept it again." if expired else ""
    )
    if not added:
        return f"{file}: nothing to add.{renew}"
    text = "".join([file.read_text(encoding="utf-8-sig") if file.exists() else HEADER, *added])
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReportError(f"{file}: no entry can be added ({error}); write each as [[deviation]].") from None
    write_atomically(file, text)
    return f"{file}: {plural(len(added), 'deviation')} added; write the reason of each to accept it.{renew}"


def _missing_entries(report: Report) -> Iterator[str]:
    """The text of an entry for each failure, by clause and signature, that no entry covers."""
    for clause in report.failing():
        signatures = {entry.signature for entry in report.deviations if entry.clause == clause.id}
        for failure in clause.failures:
            if failure.accepted or signatures & {"", failure.signature}:
                continue
            signatures.add(failure.signature)
            yield ENTRY.format(
                expected=one_line(failure.expected, SHOWN),
                actual=one_line(failure.actual, SHOWN),
                clause=clause.id,
                signature=tomlkit.item(failure.signature).as_string(),
                expires=report.started_at.date() + VALIDITY,
            )
