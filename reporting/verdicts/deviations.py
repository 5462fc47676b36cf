"""Accepted deviations: which failures a team accepts, why, and until when."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, Self

from reporting.files import ReportError
from reporting.model.findings import Failure
from reporting.model.report import ClauseVerdict, Deviation, State, Verdict
from spec import clauses

NAME: Final = "deviations.toml"
_KEYS: Final = ("clause", "reason", "expires", "issue", "signature")
_ASSESSED: Final = frozenset[Verdict]({"pass", "fail", "known"})
Mode = Literal["judging", "accepting"]


@dataclass(frozen=True, slots=True)
class Deviations:
    """The deviations of a run that started on the day `today` (UTC); an entry is valid until the end of `expires`."""

    entries: tuple[Deviation, ...] = ()
    today: date = date.max

    def accepting(self, clause_id: str, failure: Failure) -> Deviation | None:
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
        failures = tuple(self._marked(verdict.id, failure) for failure in verdict.failures)
        known = bool(failures) and all(failure.accepted for failure in failures)
        return replace(verdict, verdict="known" if known else "fail", failures=failures)

    def evaluate(self, verdicts: Iterable[ClauseVerdict], *, complete: bool = True) -> tuple[Deviation, ...]:
        """Every entry with its state; none is unneeded where the run is not `complete`."""
        by_id = {verdict.id: verdict for verdict in verdicts}
        return tuple(
            replace(entry, state=self._state(entry, by_id.get(entry.clause), complete))
            for entry in self.entries
        )

    def _marked(self, clause_id: str, failure: Failure) -> Failure:
        entry = self.accepting(clause_id, failure)
        return replace(failure, accepted="" if entry is None else entry.justification)

    def _state(self, entry: Deviation, verdict: ClauseVerdict | None, complete: bool) -> State:
        if verdict is None:
            return "not_assessed"
        if any(entry.covers(entry.clause, failure) for failure in verdict.failures):
            return "accepted" if self.today <= entry.expires else "expired"
        return (
            "unneeded" if complete and verdict.verdict in _ASSESSED and not verdict.reason else "not_assessed"
        )

    @classmethod
    def of(cls, path: Path | None, started_at: datetime, mode: Mode = "judging") -> Self:
        """The deviations in this file, by default deviations.toml in the working directory where it exists.

        ReportError where it cannot be used, with a sentence that names the remedy. In the mode "accepting" a missing
        file and missing reasons are no errors.
        """
        file = path or Path(NAME)
        today = started_at.date()
        if not file.exists() and (path is None or mode == "accepting"):
            return cls((), today)
        return cls(tuple(_read(file, mode)), today)


def _read(path: Path, mode: Mode) -> Sequence[Deviation]:
    document = _parsed(path)
    tables = document.pop("deviation", [])
    if document:
        raise ReportError(
            f"{path}: {next(iter(document))!r} is not a key of this file; write [[deviation]] tables."
        )
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ReportError(f"{path}: deviation is not a list of tables; write [[deviation]] above each entry.")
    entries: list[Deviation] = []
    for number, table in enumerate(tables, start=1):
        entry = _entry(table, f"{path}, deviation {number}", mode)
        if any((each.clause, each.signature) == (entry.clause, entry.signature) for each in entries):
            raise ReportError(
                f"{path}, deviation {number}: {entry.clause} is listed twice with the same signature; "
                "delete one of the two."
            )
        entries.append(entry)
    return entries


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "it is not readable").lower()
        raise ReportError(
            f"{path} cannot be read ({reason}); name an existing file with --deviations."
        ) from None
    except UnicodeDecodeError:
        raise ReportError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        message = " ".join(str(error).split())
        raise ReportError(f"{path} is not valid TOML: {message}; correct that line.") from None


def _entry(table: Mapping[str, Any], place: str, mode: Mode) -> Deviation:
    if unknown := [key for key in table if key not in _KEYS]:
        raise ReportError(f"{place}: {unknown[0]!r} is not a key; the keys are {', '.join(_KEYS)}.")
    for key in ("clause", "reason", "expires"):
        if key not in table:
            raise ReportError(f"{place}: {key} is missing; an entry needs clause, reason and expires.")
    for key in ("clause", "reason", "issue", "signature"):
        if not isinstance(table.get(key, ""), str):
            raise ReportError(f"{place}: {key} is not text; write it in quotes.")
    clause_id, expires = table["clause"], table["expires"]
    known = clauses().get(clause_id)
    if known is None:
        near = get_close_matches(clause_id, clauses(), 1)
        hint = f"did you mean {near[0]}?" if near else "docs/clauses.md lists all clauses."
        raise ReportError(f"{place}: there is no clause {clause_id!r}; {hint}")
    if known.level == "unspecified":
        raise ReportError(f"{place}: {clause_id} is unspecified and cannot fail; delete the entry.")
    if isinstance(expires, datetime) or not isinstance(expires, date):
        raise ReportError(f"{place}: expires is not a date; write one such as 2027-03-31, without quotes.")
    if not table["reason"].strip() and mode == "judging":
        raise ReportError(f"{place}: the reason for {clause_id} is empty; write why the failure is accepted.")
    return Deviation(
        clause=clause_id,
        reason=" ".join(table["reason"].split()),
        expires=expires,
        issue=table.get("issue", ""),
        signature=table.get("signature", ""),
    )
