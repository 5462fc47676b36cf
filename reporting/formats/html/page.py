"""The report arranged for the page: sections, rows, previous runs, and as much of each failure as fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reporting.formats.curl_script import script
from reporting.formats.failures import headers_text
from reporting.formats.html.differences import Piece, lines, within
from reporting.history import Verdicts, is_flaky
from reporting.model.exchange import Exchange, Response
from reporting.model.findings import Failure
from reporting.model.report import VERDICTS, ClauseVerdict, Report, Verdict, count_verdicts
from reporting.text import body_text, plural
from reporting.verdicts.hints import hint
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
    flaky: bool


@dataclass(frozen=True, slots=True)
class FailureView:
    """One failure: both values in pieces, their difference by lines, and its curl script.

    has_cards: whether the page has space for a card of each exchange, and for the script; else each has one line.
    """

    failure: Failure
    expected: Sequence[Piece]
    actual: Sequence[Piece]
    difference: Sequence[Piece]
    script: str
    has_cards: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with everything that the page shows about it."""

    clause: ClauseVerdict
    hint: str
    sparkline: Sparkline | None
    failures: Sequence[FailureView]


@dataclass(frozen=True, slots=True)
class Section:
    """One operation of the contract with its clauses."""

    operation: str
    title: str
    rows: tuple[Row, ...]

    def cell(self, level: str) -> list[tuple[Verdict, int]]:
        """The verdicts that occur at this level, with their counts."""
        chosen = [row.clause for row in self.rows if row.clause.level == level]
        return [(verdict, number) for verdict, number in count_verdicts(chosen).items() if number]


def sections(report: Report, history: Sequence[Verdicts] = ()) -> list[Section]:
    """The clauses by operation, in the order of the catalogue."""
    views = _failure_views(report)
    operations = list(dict.fromkeys(clause.operation for clause in report.clauses))
    rows = [
        Row(clause, hint(clause, report.suite), sparkline(clause.id, history), views[clause.id])
        for clause in sorted(report.clauses, key=lambda clause: operations.index(clause.operation))
    ]
    return [
        Section(operation, HEADINGS.get(operation, operation), tuple(members))
        for operation, members in groupby(rows, key=lambda row: row.clause.operation)
    ]


def sparkline(clause_id: str, history: Sequence[Verdicts]) -> Sparkline | None:
    """The verdicts on the clause in previous runs; None where there are none."""
    verdicts = [run.get(clause_id) for run in history]
    if len(history) < 2 or not any(verdicts):
        return None
    segments = tuple((verdict, len(list(same))) for verdict, same in groupby(verdicts))
    counts = [(MARKS[verdict][1], verdicts.count(verdict)) for verdict in VERDICTS if verdict in verdicts]
    counts += [("not covered", verdicts.count(None))] if None in verdicts else []
    words = ", ".join(f"{word} {number}" for word, number in counts)
    return Sparkline(segments, f"Last {plural(len(history), 'run')}: {words}", is_flaky(verdicts))


def _failure_views(report: Report) -> dict[str, list[FailureView]]:
    """The failures by clause id; the first of every clause, MUST before SHOULD, get the available space first."""
    failing = report.failing()
    failing += tuple(clause for clause in report.clauses if clause.failures and clause not in failing)
    ranked = [(rank, clause, failure) for clause in failing for rank, failure in enumerate(clause.failures)]
    views: dict[str, list[FailureView]] = {clause.id: [] for clause in report.clauses}
    space = CHARACTERS_AS_CARDS
    for _, clause, failure in sorted(ranked, key=lambda each: each[0]):
        text = script(failure.exchanges, report.target.api_url, report.target.tenant)
        needed = len(text) + sum(map(_size, failure.exchanges))
        has_cards = needed <= space
        space -= needed if has_cards else 0
        expected, actual = within(failure.expected, failure.actual)
        difference = lines(failure.expected, failure.actual)
        views[clause.id].append(
            FailureView(failure, expected, actual, difference, text if has_cards else "", has_cards)
        )
    return views


def _size(exchange: Exchange) -> int:
    """How many characters the card of an exchange takes."""
    request, response = exchange.request, exchange.response or Response()
    headers = headers_text(request.headers), headers_text(response.headers)
    bodies = body_text(request.body), body_text(response.body)
    return MARKUP + sum(map(len, (request.url, *headers, *bodies)))
