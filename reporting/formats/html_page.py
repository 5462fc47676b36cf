"""The report arranged for the page: sections, rows, strips of past runs, and as much of each failure as fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reporting.coverage import KINDS, Coverage, Reached
from reporting.formats.curl_script import script
from reporting.formats.differences import Piece, lines, within
from reporting.formats.exchange_cards import Card, cards
from reporting.formats.text import plural
from reporting.history import Past, flaky
from reporting.model.findings import Failure
from reporting.model.report import VERDICTS, ClauseVerdict, Report, Verdict, count
from reporting.verdicts.hints import remedy

IN_FULL: Final = 1_600_000  # characters of exchanges that the page shows as cards, with what replays them
IN_SHORT: Final = 1_000_000  # characters of those that it shows on one line each
OVERHEAD: Final = 900  # characters of markup around one card
OPEN_AT_ONCE: Final = 12  # failures; of more only the first stands open

# A mark that reads without colour, and the word that says it.
MARKS: Final[Mapping[Verdict, tuple[str, str]]] = {
    "fail": ("✕", "fails"),
    "error": ("!", "error"),
    "known": ("≈", "known"),
    "pass": ("✓", "holds"),
    "observed": ("◇", "observed"),
    "skipped": ("○", "skipped"),
    "not_assessed": ("–", "not assessed"),
}
TITLES: Final = {
    "token": "TokenProvider",
    "any": "Every operation",
    "errors": "Refusals",
    "http": "HTTP itself",
    "list": "List",
    "create": "Create",
    "search": "Search",
    "get": "Get",
    "upsert": "Upsert",
    "patch": "Patch",
    "delete": "Delete",
}


@dataclass(frozen=True, slots=True)
class Strip:
    """What the last runs said of a clause, oldest first: stretches of one verdict with their length, and in words."""

    stretches: tuple[tuple[Verdict | None, int], ...]
    told: str
    flaky: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One failure: its two values in pieces, their difference by lines, and its exchanges as there is room."""

    failure: Failure
    expected: Sequence[Piece]
    actual: Sequence[Piece]
    difference: Sequence[Piece]
    cards: Sequence[Card]
    brief: Sequence[str]
    omitted: int
    script: str


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with all that the page says of it."""

    clause: ClauseVerdict
    remedy: str
    strip: Strip | None
    failures: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Section:
    """One operation of the contract with its clauses."""

    operation: str
    title: str
    rows: tuple[Row, ...]

    def cell(self, level: str | None = None) -> list[tuple[Verdict, int]]:
        """The verdicts of this level that occur, with their counts."""
        chosen = [row.clause for row in self.rows if level in (None, row.clause.level)]
        return [(verdict, number) for verdict, number in count(chosen).items() if number]


@dataclass(frozen=True, slots=True)
class Measured:
    """What of one kind was exercised, and what was not, by operation."""

    title: str
    points: Reached
    missed: Mapping[str, Sequence[str]]


def sections(report: Report, past: Sequence[Past] = ()) -> list[Section]:
    """The clauses by operation, in the order in which the catalogue first names each."""
    shown = _shown(report)
    order = {clause.operation: None for clause in report.clauses}
    ranked = sorted(report.clauses, key=lambda clause: list(order).index(clause.operation))
    rows = [
        Row(clause, remedy(clause, report.suite), strip(clause.id, past), shown[clause.id])
        for clause in ranked
    ]
    return [
        Section(operation, TITLES.get(operation, operation), tuple(members))
        for operation, members in groupby(rows, key=lambda row: row.clause.operation)
    ]


def strip(clause_id: str, past: Sequence[Past]) -> Strip | None:
    """What past runs said of the clause; None where there is no past to speak of."""
    verdicts = [run.verdicts.get(clause_id) for run in past]
    if len(past) < 2 or not any(verdicts):
        return None
    stretches = tuple((verdict, len(list(same))) for verdict, same in groupby(verdicts))
    counts = [(MARKS[verdict][1], verdicts.count(verdict)) for verdict in VERDICTS if verdict in verdicts]
    counts += [("not asked", verdicts.count(None))] if None in verdicts else []
    told = ", ".join(f"{word} {number}" for word, number in counts)
    return Strip(stretches, f"Last {plural(len(past), 'run')}: {told}", flaky(verdicts))


def measured(coverage: Coverage) -> list[Measured]:
    """The coverage of the contract, a row a kind."""
    return [
        Measured(KINDS[kind], points, _by_operation(points.missed)) for kind, points in coverage.kinds.items()
    ]


def _by_operation(points: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for point in points:
        operation, _, rest = point.partition(" ")
        found.setdefault(operation, []).append(rest)
    return found


def _shown(report: Report) -> dict[str, list[Shown]]:
    """The failures by clause id; the first of every clause, MUST before SHOULD, get the room there is first."""
    failing = report.failing()
    failing += tuple(clause for clause in report.clauses if clause.failures and clause not in failing)
    ranked = [(rank, clause, failure) for clause in failing for rank, failure in enumerate(clause.failures)]
    found: dict[str, list[Shown]] = {clause.id: [] for clause in report.clauses}
    room = _Room()
    for _, clause, failure in sorted(ranked, key=lambda each: each[0]):
        found[clause.id].append(room.shown(failure, report.target.api_url, report.target.tenant))
    return found


class _Room:
    """How much of the page the exchanges of failures may still take; conformance.json has all of them."""

    def __init__(self) -> None:
        self.full, self.short = IN_FULL, IN_SHORT

    def shown(self, failure: Failure, api_url: str, tenant: str) -> Shown:
        steps = cards(failure.exchanges)
        replay = script(failure.exchanges, api_url, tenant)
        brief: list[str] = []
        needed = len(replay) + sum(OVERHEAD + card.size for card in steps)
        if needed <= self.full:
            self.full -= needed
        else:
            brief, steps, replay = [card.line for card in steps], [], ""
            needed = sum(map(len, brief))
            if needed <= self.short:
                self.short -= needed
            else:
                brief = []
        expected, actual = within(failure.expected, failure.actual)
        return Shown(
            failure,
            expected,
            actual,
            lines(failure.expected, failure.actual),
            steps,
            brief,
            0 if steps or brief else len(failure.exchanges),
            replay,
        )
