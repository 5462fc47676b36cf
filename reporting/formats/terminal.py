"""The report in the terminal at the end of a run: the first failures, counts, and the verdict as the last line."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reporting.formats.html.exchange_cards import cards
from reporting.formats.text import escape_invisible, plural, remainder, truncate
from reporting.model.findings import Failure
from reporting.model.report import LEVELS, VERDICTS, ClauseVerdict, Deviation, Report, Verdict, count_verdicts
from reporting.verdicts.gate import CONFORMANT, assessed_sentence, exit_code, verdict_sentence

CLAUSES_SHOWN: Final = 3
"""Failing clauses with their exchanges; LINES_SHOWN further failures have one line each."""
LINES_SHOWN: Final = 24
EXCHANGES_SHOWN: Final = 8
"""The last exchanges of a failure."""
VALUE_SHOWN: Final = 400

STYLES: Final[dict[Verdict, str]] = {
    "fail": "bold red",
    "error": "yellow",
    "known": "magenta",
    "pass": "green",
    "observed": "cyan",
    "skipped": "dim",
    "not_assessed": "dim",
}


def render(report: Report, console: Console, html: Path | None = None, *, min_assessed: float = 0) -> None:
    """Print the report; the last line names `html`, the complete report, and the share of --min-assessed."""
    failing = report.failing()
    for clause in failing[:CLAUSES_SHOWN]:
        _failing(clause, console)
    further = [(clause, failure) for clause in failing[:CLAUSES_SHOWN] for failure in clause.failures[1:]]
    further += [(clause, failure) for clause in failing[CLAUSES_SHOWN:] for failure in clause.failures]
    for clause, failure in further[:LINES_SHOWN]:
        _line(console, f"{clause.id}: {failure.signature} ({failure.test}{_blocked(failure)})", "red")
    if (more := len(further) - LINES_SHOWN) > 0:
        _line(console, f"and {plural(more, 'more failure')} in the report", "red")
    if further:
        console.print()
    for entry in report.deviations:
        _deviation(entry, console)
    console.print(_counts(report))
    console.print()
    if report.data.left:
        warning = f"{plural(report.data.left, 'customer')} left in the tenant".upper()
        _line(console, warning, "bold yellow reverse")
    if warning := remainder(report.data):
        _line(console, warning, "bold yellow")
    _line(console, _last(report, html, min_assessed), _style(report, min_assessed))


def _failing(clause: ClauseVerdict, console: Console) -> None:
    _line(console, f"{clause.id} ({clause.level.upper()})", "bold red")
    _line(console, f"  {clause.text}", "bold")
    for failure in clause.failures[:1]:
        _failure(failure, console)
    console.print()


def _failure(failure: Failure, console: Console) -> None:
    rows = [("expected", failure.expected), ("actual", failure.actual), ("at", failure.detail)]
    shown = cards(failure.exchanges)
    rows += [
        ("" if number else "exchanges", card.line) for number, card in enumerate(shown[-EXCHANGES_SHOWN:])
    ]
    if failure.blocks:
        rows.append(("blocks", plural(failure.blocks, "further test")))
    for name, value in rows:
        if value:
            text = truncate(escape_invisible(value), VALUE_SHOWN).replace("\n", "\n             ")
            console.print(Text.assemble((f"  {name:<11}", "dim"), text), soft_wrap=True, highlight=False)
    if failure.trace_id:
        console.print(Text.assemble((f"  {'trace':<11}", "dim"), failure.trace_id), highlight=False)
    if failure.replay:
        command = (escape_invisible(failure.replay), "bold")
        console.print(Text.assemble((f"  {'replay':<11}", "dim"), command), soft_wrap=True)


def _blocked(failure: Failure) -> str:
    return f"; blocks {plural(failure.blocks, 'further test')}" if failure.blocks else ""


def _deviation(entry: Deviation, console: Console) -> None:
    name = f"{entry.clause} [{entry.signature}]" if entry.signature else entry.clause
    match entry.state:
        case "accepted":
            _line(console, f"{name} fails as accepted: {entry.justification}", "magenta")
        case "expired":
            _line(
                console, f"{name} fails; its deviation expired on {entry.expires}: {entry.reason}", "bold red"
            )
        case "unneeded":
            _line(console, f"{name} no longer fails: delete its deviation ({entry.reason})", "yellow")


def _counts(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    by_level = {level: count_verdicts(report.select(level=level)) for level in LEVELS}
    columns = [verdict for verdict in VERDICTS if any(counts[verdict] for counts in by_level.values())]
    table.add_column("")
    for verdict in columns:
        table.add_column(verdict.replace("_", " "), justify="right")
    for level, counts in by_level.items():
        cells = [Text(str(counts[each] or "·"), STYLES[each] if counts[each] else "dim") for each in columns]
        table.add_row(level.upper(), *cells)
    return table


def _last(report: Report, html: Path | None, min_assessed: float) -> str:
    """The verdict, what was assessed, and what to do next: replay the first failure, sweep, or read the report."""
    sentence = f"{verdict_sentence(report)} {assessed_sentence(report, min_assessed)}"
    replays = [
        failure.replay for clause in report.failing() for failure in clause.failures[:1] if failure.replay
    ]
    if replays:
        return f"{sentence} Replay: {replays[0]}"
    if report.data.left:
        return f"{sentence} Delete the customers: make sweep"
    return f"{sentence} Report: {html}" if html else sentence


def _style(report: Report, min_assessed: float) -> str:
    if report.select("fail", "must"):
        return "bold red"
    return "bold green" if exit_code(report, min_assessed=min_assessed) == CONFORMANT else "bold yellow"


def _line(console: Console, text: str, style: str) -> None:
    """One line as it is: text of a tenant contains neither markup nor escape sequences here."""
    console.print(Text(escape_invisible(text).replace("\n", " "), style), soft_wrap=True, highlight=False)
