"""The report arranged for the page: sections, rows, previous runs, and as much of each failure as fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reporting.formats.curl_script import script
from reporting.formats.html.differences import Piece, lines, within
from reporting.formats.html.exchange_cards import Card, cards
from reporting.formats.text import plural
from reporting.history import HistoryEntry, is_flaky
from reporting.model.coverage import KINDS, Coverage, Points
from reporting.model.findings import Failure
from reporting.model.report import VERDICTS, ClauseVerdict, Report, Target, Verdict, count_verdicts
from reporting.verdicts.hints import hint
from spec.clauses import HEADINGS

CHARACTERS_AS_CARDS: Final = 1_600_000  # of exchanges that the page shows as cards, with their scripts
CHARACTERS_AS_LINES: Final = 1_000_000  # of those that it shows on one line each
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
    """One failure: both values in pieces, their difference by lines, and its exchanges as far as there is space.

    There are `cards` with a `script`, or else one of `exchange_lines` for each exchange, or else neither.
    """

    failure: Failure
    expected: Sequence[Piece]
    actual: Sequence[Piece]
    difference: Sequence[Piece]
    cards: Sequence[Card]
    exchange_lines: Sequence[str]
    script: str


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

    def cell(self, level: str | None = None) -> list[tuple[Verdict, int]]:
        """The verdicts that occur at this level, with their counts."""
        chosen = [row.clause for row in self.rows if level in (None, row.clause.level)]
        return [(verdict, number) for verdict, number in count_verdicts(chosen).items() if number]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """The points of one kind, and those that were not exercised by operation."""

    title: str
    points: Points
    missed: Mapping[str, Sequence[str]]


def sections(report: Report, history: Sequence[HistoryEntry] = ()) -> list[Section]:
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


def sparkline(clause_id: str, history: Sequence[HistoryEntry]) -> Sparkline | None:
    """The verdicts on the clause in previous runs; None where there are none."""
    verdicts = [run.verdicts.get(clause_id) for run in history]
    if len(history) < 2 or not any(verdicts):
        return None
    segments = tuple((verdict, len(list(same))) for verdict, same in groupby(verdicts))
    counts = [(MARKS[verdict][1], verdicts.count(verdict)) for verdict in VERDICTS if verdict in verdicts]
    counts += [("not covered", verdicts.count(None))] if None in verdicts else []
    words = ", ".join(f"{word} {number}" for word, number in counts)
    return Sparkline(segments, f"Last {plural(len(history), 'run')}: {words}", is_flaky(verdicts))


def coverage_rows(coverage: Coverage) -> list[CoverageRow]:
    """The coverage of the contract, a row a kind."""
    return [
        CoverageRow(KINDS[kind], points, _by_operation(points.missed))
        for kind, points in coverage.kinds.items()
    ]


def _by_operation(points: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for point in points:
        operation, _, rest = point.partition(" ")
        found.setdefault(operation, []).append(rest)
    return found


def _failure_views(report: Report) -> dict[str, list[FailureView]]:
    """The failures by clause id; the first of every clause, MUST before SHOULD, get the available space first."""
    failing = report.failing()
    failing += tuple(clause for clause in report.clauses if clause.failures and clause not in failing)
    ranked = [(rank, clause, failure) for clause in failing for rank, failure in enumerate(clause.failures)]
    views: dict[str, list[FailureView]] = {clause.id: [] for clause in report.clauses}
    space = _Space()
    for _, clause, failure in sorted(ranked, key=lambda each: each[0]):
        views[clause.id].append(space.view(failure, report.target))
    return views


class _Space:
    """How much of the page the exchanges of failures may still take; conformance.json has all of them."""

    def __init__(self) -> None:
        self.for_cards, self.for_lines = CHARACTERS_AS_CARDS, CHARACTERS_AS_LINES

    def view(self, failure: Failure, target: Target) -> FailureView:
        """The failure with its exchanges as cards, as lines or left out, as the space permits."""
        shown = cards(failure.exchanges)
        text = script(failure.exchanges, target.api_url, target.tenant)
        brief: list[str] = []
        needed = len(text) + sum(MARKUP + card.size for card in shown)
        if needed <= self.for_cards:
            self.for_cards -= needed
        else:
            brief, shown, text = [card.line for card in shown], [], ""
            needed = sum(map(len, brief))
            if needed <= self.for_lines:
                self.for_lines -= needed
            else:
                brief = []
        expected, actual = within(failure.expected, failure.actual)
        difference = lines(failure.expected, failure.actual)
        return FailureView(failure, expected, actual, difference, shown, brief, text)
