"""The report in the terminal at the end of a run: the first failures, counts, and the verdict as the last line."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reporting.formats.failures import exchange_lines
from reporting.model.findings import Failure
from reporting.model.report import Report, State, Verdict
from reporting.text import escape_invisible, plural, truncate
from reporting.verdicts.gate import (
    CONFORMANT,
    NOT_ASSESSED,
    NOT_CONFORMANT,
    assessed_sentence,
    exit_code,
    verdict_sentence,
)
from reporting.verdicts.hints import remainder

CLAUSES_SHOWN: Final = 3
"""Failing clauses with their exchanges; LINES_SHOWN further failures have one line each."""
LINES_SHOWN: Final = 24
EXCHANGES_SHOWN: Final = 8
"""The last exchanges of a failure."""
VALUE_SHOWN: Final = 400

VERDICT_STYLES: Final = {CONFORMANT: "bold green", NOT_CONFORMANT: "bold red", NOT_ASSESSED: "bold yellow"}
DEVIATIONS: Final[dict[State, tuple[str, str]]] = {
    "accepted": ("fails as accepted: {0.justification}", "magenta"),
    "expired": ("fails; its deviation expired on {0.expires}: {0.reason}", "bold red"),
    "unneeded": ("no longer fails: delete its deviation ({0.reason})", "yellow"),
}
STYLES: Final[dict[Verdict, str]] = {
    "fail": "bold red",
    "error": "yellow",
    "known": "magenta",
    "pass": "green",
    "observed": "cyan",
    "skipped": "dim",
    "not_assessed": "dim",
}


def render(
    report: Report,
    console: Console,
    html: Path | None = None,
    *,
    strict: bool = False,
    min_assessed: float = 0,
) -> None:
    """Print the report; the last line names `html`, the complete report.

    strict, min_assessed: the options of the run, on which its exit code depends.
    """
    failing = report.failing()
    for clause in failing[:CLAUSES_SHOWN]:
        _line(console, f"{clause.id} ({clause.level.upper()})", "bold red")
        _line(console, f"  {clause.text}", "bold")
        for failure in clause.failures[:1]:
            _failure(failure, console)
        console.print()
    further = [(clause, failure) for clause in failing[:CLAUSES_SHOWN] for failure in clause.failures[1:]]
    further += [(clause, failure) for clause in failing[CLAUSES_SHOWN:] for failure in clause.failures]
    for clause, failure in further[:LINES_SHOWN]:
        blocked = f"; blocks {plural(failure.blocks, 'further test')}" if failure.blocks else ""
        _line(console, f"{clause.id}: {failure.signature} ({failure.test}{blocked})", "red")
    if (more := len(further) - LINES_SHOWN) > 0:
        _line(console, f"and {plural(more, 'more failure')} in the report", "red")
    if further:
        console.print()
    for entry in report.deviations:
        if entry.state in DEVIATIONS:
            sentence, style = DEVIATIONS[entry.state]
            name = f"{entry.clause} [{entry.signature}]" if entry.signature else entry.clause
            _line(console, f"{name} {sentence.format(entry)}", style)
    console.print(_counts(report))
    console.print()
    if report.data.left:
        warning = f"{plural(report.data.left, 'customer')} left in the tenant".upper()
        _line(console, warning, "bold yellow reverse")
    if warning := remainder(report.data):
        _line(console, warning, "bold yellow")
    code = exit_code(report, strict, min_assessed)
    last = _last(report, html, min_assessed)
    if code == NOT_CONFORMANT and exit_code(report) != NOT_CONFORMANT:
        last = f"The run fails because of --strict. {last}"
    _line(console, last, VERDICT_STYLES[code])


def _failure(failure: Failure, console: Console) -> None:
    rows = [("expected", failure.expected), ("actual", failure.actual), ("at", failure.detail)]
    last = exchange_lines(failure.exchanges)[-EXCHANGES_SHOWN:]
    rows += [("" if number else "exchanges", line) for number, line in enumerate(last)]
    rows.append(("blocks", plural(failure.blocks, "further test") if failure.blocks else ""))
    rows.append(("trace", failure.trace_id))
    for name, value in rows:
        if value:
            text = truncate(escape_invisible(value), VALUE_SHOWN).replace("\n", "\n             ")
            console.print(Text.assemble((f"  {name:<11}", "dim"), text), soft_wrap=True, highlight=False)
    if failure.replay:
        command = (escape_invisible(failure.replay), "bold")
        console.print(Text.assemble((f"  {'replay':<11}", "dim"), command), soft_wrap=True)


def _counts(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    levels = report.counts()
    table.add_column("")
    for verdict in levels["must"]:
        table.add_column(verdict.replace("_", " "), justify="right")
    for level, counts in levels.items():
        cells = [
            Text(str(number or "·"), STYLES[each] if number else "dim") for each, number in counts.items()
        ]
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


def _line(console: Console, text: str, style: str) -> None:
    """One line as it is: text of a tenant contains neither markup nor escape sequences here."""
    console.print(Text(escape_invisible(text).replace("\n", " "), style), soft_wrap=True, highlight=False)
