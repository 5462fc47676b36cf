"""The report at the end of a run in the terminal: what failed first, counts, and one last line to act on."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reporting.formats.exchange_cards import cards
from reporting.formats.text import clipped, plural, seen
from reporting.model.findings import Failure
from reporting.model.report import LEVELS, VERDICTS, ClauseVerdict, Report, State, Verdict, count
from reporting.verdicts.gate import judged, verdict_sentence

CLAUSES_SHOWN = 5
VALUE_SHOWN = 400

STYLES: dict[Verdict, str] = {
    "fail": "bold red",
    "error": "yellow",
    "known": "magenta",
    "pass": "green",
    "observed": "cyan",
    "skipped": "dim",
    "not_assessed": "dim",
}


DEVIATIONS: dict[State, tuple[str, str]] = {
    "accepted": ("fails as accepted: {why}", "magenta"),
    "expired": ("fails, and was accepted until {entry.expires} only: {entry.reason}", "bold red"),
    "unneeded": ("fails no longer: delete its deviation ({entry.reason})", "yellow"),
}
"""What is said of an entry of deviations.toml."""


def render(report: Report, console: Console, html: Path | None = None) -> None:
    """Print the report; `html` is where the whole of it was written, for the last line."""
    failing = report.failing()
    for clause in failing[:CLAUSES_SHOWN]:
        _failing(clause, console)
    if more := failing[CLAUSES_SHOWN:]:
        _line(console, f"and {len(more)} more: {', '.join(clause.id for clause in more)}", "red")
        console.print()
    for entry in report.deviations:
        if entry.state in DEVIATIONS:
            words, style = DEVIATIONS[entry.state]
            kind = f" [{entry.signature}]" if entry.signature else ""
            _line(console, f"{entry.clause}{kind} {words.format(entry=entry, why=entry.told())}", style)
    console.print(_counts(report))
    console.print()
    if report.data.left:
        _line(
            console,
            f"{plural(report.data.left, 'customer')} left in the tenant".upper(),
            "bold yellow reverse",
        )
    _line(console, _last(report, html), _mood(report))


def _failing(clause: ClauseVerdict, console: Console) -> None:
    _line(console, f"{clause.id} ({clause.level.upper()})", "bold red")
    _line(console, f"  {clause.text}", "bold")
    for failure in clause.failures[:1]:
        _failure(failure, console)
    if (more := len(clause.failures) - 1) > 0:
        _line(console, f"  {plural(more, 'other way')} of failing: in the report", "dim")
    console.print()


def _failure(failure: Failure, console: Console) -> None:
    rows = [("accepted", failure.expected), ("came", failure.actual), ("at", failure.detail)]
    rows += [("sequence" if card.number == 1 else "", card.line) for card in cards(failure.exchanges)]
    for name, value in rows:
        if value:
            text = clipped(seen(value), VALUE_SHOWN).replace("\n", "\n            ")
            console.print(Text.assemble((f"  {name:<10}", "dim"), text), soft_wrap=True, highlight=False)
    if failure.replay:
        console.print(Text.assemble(("  replay    ", "dim"), (seen(failure.replay), "bold")), soft_wrap=True)


def _counts(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    by_level = {level: count(report.select(level=level)) for level in LEVELS}
    reached = [verdict for verdict in VERDICTS if any(counts[verdict] for counts in by_level.values())]
    table.add_column("")
    for verdict in reached:
        table.add_column(verdict.replace("_", " "), justify="right")
    for level, counts in by_level.items():
        numbers = [
            Text(
                str(counts[verdict]) if counts[verdict] else "·",
                STYLES[verdict] if counts[verdict] else "dim",
            )
            for verdict in reached
        ]
        table.add_row(level.upper(), *numbers)
    return table


def _last(report: Report, html: Path | None) -> str:
    """The verdict, and the one thing to do next: replay the first failure, sweep, or read on."""
    sentence = verdict_sentence(report)
    replays = [
        failure.replay for clause in report.failing() for failure in clause.failures[:1] if failure.replay
    ]
    if replays:
        return f"{sentence} Replay: {replays[0]}"
    if report.data.left:
        return f"{sentence} Delete what is left: make sweep"
    return f"{sentence} Report: {html}" if html else sentence


def _mood(report: Report) -> str:
    if report.select("fail", "must"):
        return "bold red"
    return "bold green" if judged(report) else "bold yellow"


def _line(console: Console, text: str, style: str) -> None:
    """One line as it is: a tenant's words are neither markup nor escape sequences here."""
    console.print(Text(seen(text).replace("\n", " "), style), soft_wrap=True, highlight=False)
