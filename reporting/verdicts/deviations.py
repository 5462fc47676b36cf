"""Accepted deviations: which failures a team lives with, why, and until when."""

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
_JUDGED: Final[frozenset[Verdict]] = frozenset({"pass", "fail", "known"})
Mode = Literal["judging", "accepting"]


@dataclass(frozen=True, slots=True)
class Deviations:
    """The deviations of a run that began on the day `today` (UTC); what expires today still counts."""

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

    def applied(self, verdict: ClauseVerdict) -> ClauseVerdict:
        """The verdict with each failure that is accepted marked so; `known` where that is all of them."""
        if verdict.verdict not in ("fail", "known"):
            return verdict
        failures = tuple(self._marked(verdict.id, failure) for failure in verdict.failures)
        accepted = [failure for failure in failures if failure.accepted]
        if failures and len(accepted) == len(failures):
            return replace(verdict, verdict="known", failures=failures)
        return replace(verdict, verdict="fail", failures=failures)

    def reckoned(self, verdicts: Iterable[ClauseVerdict], *, whole: bool = True) -> tuple[Deviation, ...]:
        """Every entry with what the verdicts say of it; nothing is unneeded where the run is not `whole`."""
        by_id = {verdict.id: verdict for verdict in verdicts}
        return tuple(replace(entry, state=self._state(entry, by_id, whole)) for entry in self.entries)

    def _marked(self, clause_id: str, failure: Failure) -> Failure:
        entry = self.accepting(clause_id, failure)
        return replace(failure, accepted="" if entry is None else entry.told())

    def _state(self, entry: Deviation, by_id: Mapping[str, ClauseVerdict], whole: bool) -> State:
        verdict = by_id.get(entry.clause)
        if verdict is None:
            return "unasked"
        if any(entry.covers(entry.clause, failure) for failure in verdict.failures):
            return "accepted" if self.today <= entry.expires else "expired"
        return "unneeded" if whole and verdict.verdict in _JUDGED and not verdict.reason else "unasked"

    @classmethod
    def of(cls, path: Path | None, started_at: datetime, mood: Mode = "judging") -> Self:
        """Those of this file, by default deviations.toml in the working directory where there is one.

        ReportError where it cannot be used, with the sentence that says what to mend. In the mood "accepting"
        a file that is not there yet and reasons that are not filled in yet are no mistakes.
        """
        place = path or Path(NAME)
        today = started_at.date()
        if not place.exists() and (path is None or mood == "accepting"):
            return cls((), today)
        return cls(tuple(_read(place, mood)), today)


def _read(path: Path, mood: Mode) -> Sequence[Deviation]:
    document = _parsed(path)
    tables = document.pop("deviation", [])
    if document:
        raise ReportError(
            f"{path}: {next(iter(document))!r} is no key of this file; write [[deviation]] tables."
        )
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ReportError(f"{path}: deviation is no list of tables; write [[deviation]] above each entry.")
    entries: list[Deviation] = []
    for number, table in enumerate(tables, start=1):
        entry = _entry(table, f"{path}, deviation {number}", mood)
        if any((each.clause, each.signature) == (entry.clause, entry.signature) for each in entries):
            raise ReportError(
                f"{path}, deviation {number}: {entry.clause} is there already with the same signature; "
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
        raise ReportError(f"{path} is not valid TOML: {message}; mend that line.") from None


def _entry(table: Mapping[str, Any], place: str, mood: Mode) -> Deviation:
    if unknown := [key for key in table if key not in _KEYS]:
        raise ReportError(f"{place}: {unknown[0]!r} is no key; the keys are {', '.join(_KEYS)}.")
    for key in ("clause", "reason", "expires"):
        if key not in table:
            raise ReportError(f"{place}: {key} is missing; an entry needs clause, reason and expires.")
    for key in ("clause", "reason", "issue", "signature"):
        if not isinstance(table.get(key, ""), str):
            raise ReportError(f"{place}: {key} is no text; write it in quotes.")
    clause_id, expires = table["clause"], table["expires"]
    known = clauses().get(clause_id)
    if known is None:
        near = get_close_matches(clause_id, clauses(), 1)
        hint = f"did you mean {near[0]}?" if near else "docs/clauses.md has them all."
        raise ReportError(f"{place}: there is no clause {clause_id!r}; {hint}")
    if known.level == "unspecified":
        raise ReportError(f"{place}: {clause_id} is unspecified and cannot fail; delete the entry.")
    if isinstance(expires, datetime) or not isinstance(expires, date):
        raise ReportError(f"{place}: expires is no date; write one such as 2027-03-31, without quotes.")
    if not table["reason"].strip() and mood == "judging":
        raise ReportError(f"{place}: the reason for {clause_id} is not filled in; write why it is accepted.")
    return Deviation(
        clause=clause_id,
        reason=" ".join(table["reason"].split()),
        expires=expires,
        issue=table.get("issue", ""),
        signature=table.get("signature", ""),
    )
