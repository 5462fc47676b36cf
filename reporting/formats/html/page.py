"""The report arranged for the page: sections, rows, previous runs, and as much of each failure as fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reporting.formats.curl_script import script
from reporting.formats.failures import headers_text
from reporting.model.exchange import Exchange, Response
from reporting.model.report import VERDICTS, ClauseVerdict, Report, Verdict, count_verdicts
from reporting.text import body_text, plural
from spec.clauses import HEADINGS

CHARACTERS_AS_CARDS: Final = 1_600_000  # of exchanges that the page shows as cards, with their scripts
MARKUP: Final = 900  # characters around one card
OPEN_AT_ONCE: Final = 12  # failures; if there are more, only the first is open

# A mark that is distinct without colour, and the word for it.
MARKS: Final[Mapping[Verdict, tuple[str, str]]] = {
    "fail": ("✕", "fails"),
    "error": ("!", "error"),
    "known": ("≈", "known"),
    "pass": ("✓", "passes"),
    "observed": ("◇", "observed"),
    "skipped": ("○", "skipped"),
    "not_assessed": ("–", "not assessed"),
}


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The verdicts on a clause in the last runs, oldest first, as segments of one verdict with their length."""

    segments: tuple[tuple[Verdict | None, int], ...]
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """One operation of the contract with its clauses."""

    operation: str
    title: str
    clauses: Sequence[ClauseVerdict]

    def cell(self, level: str) -> list[tuple[Verdict, int]]:
        """The verdicts that occur at this level, with their counts."""
        counts = count_verdicts(clause for clause in self.clauses if clause.level == level)
        return [(verdict, number) for verdict, number in counts.items() if number]


def sections(report: Report) -> list[Section]:
    """The clauses by operation, in the order of the catalogue."""
    by_operation: dict[str, list[ClauseVerdict]] = {}
    for clause in report.clauses:
        by_operation.setdefault(clause.operation, []).append(clause)
    return [Section(name, HEADINGS.get(name, name), clauses) for name, clauses in by_operation.items()]


def sparkline(verdicts: Sequence[Verdict | None]) -> Sparkline:
    """The verdicts on a clause in the last runs, oldest first."""
    segments = tuple((verdict, len(list(same))) for verdict, same in groupby(verdicts))
    counts = [(MARKS[verdict][1], verdicts.count(verdict)) for verdict in VERDICTS if verdict in verdicts]
    counts += [("not covered", verdicts.count(None))] if None in verdicts else []
    words = ", ".join(f"{word} {number}" for word, number in counts)
    return Sparkline(segments, f"Last {plural(len(verdicts), 'run')}: {words}")


def failures_with_cards(report: Report) -> set[tuple[str, int]]:
    """The failures, by clause id and position, whose exchanges the page has space to show as cards, with their script.

    The first of every clause, MUST before SHOULD, get the available space first.
    """
    failing = report.failing()
    failing += tuple(clause for clause in report.clauses if clause.failures and clause not in failing)
    ranked = [
        (rank, clause.id, failure) for clause in failing for rank, failure in enumerate(clause.failures)
    ]
    found, space = set[tuple[str, int]](), CHARACTERS_AS_CARDS
    for rank, clause_id, failure in sorted(ranked, key=lambda each: each[0]):
        text = script(failure.exchanges, report.target.api_url, report.target.tenant)
        needed = len(text) + sum(map(_size, failure.exchanges))
        if needed <= space:
            space -= needed
            found.add((clause_id, rank))
    return found


def _size(exchange: Exchange) -> int:
    """How many characters the card of an exchange takes."""
    request, response = exchange.request, exchange.response or Response()
    headers = headers_text(request.headers), headers_text(response.headers)
    bodies = body_text(request.body), body_text(response.body)
    return MARKUP + sum(map(len, (request.url, *headers, *bodies)))
