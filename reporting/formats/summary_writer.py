"""The report as summary.md, for the job page of a CI system."""

import re
from pathlib import Path
from typing import Final

from reporting.files import write_atomically
from reporting.formats.html import writer as html_writer
from reporting.formats.html.exchange_cards import cards
from reporting.formats.text import escape_invisible, plural, remainder, truncate
from reporting.model.report import LEVELS, VERDICTS, ClauseVerdict, Report, State, count_verdicts
from reporting.verdicts.gate import verdict_sentence

NAME: Final = "summary.md"
CLAUSES_SHOWN: Final = 20  # job pages are limited in size; the HTML has all clauses
TEXT_SHOWN: Final = 600
STATES: Final[dict[State, str]] = {
    "accepted": "fails as accepted",
    "expired": "**fails, expired**",
    "unneeded": "**no longer fails**",
}


def write_summary(report: Report, folder: Path) -> Path:
    """Write summary.md into `folder` atomically; ReportError where that fails."""
    path = folder / NAME
    write_atomically(path, summary(report))
    return path


def summary(report: Report) -> str:
    """The report as GitHub-flavoured Markdown."""
    parts = [f"## {_inline(verdict_sentence(report))}", _run(report)]
    if report.data.left:
        parts.append(
            f"> **{plural(report.data.left, 'customer')} of this run left in the tenant.** "
            "Run `make sweep` with the same environment."
        )
    if warning := remainder(report.data):
        parts.append(f"> **{_inline(warning)}**")
    parts.append(_counts(report))
    if report.coverage:
        parts.append(_coverage(report))
    if any(delays.late for delays in report.delays.values()):
        parts.append(_delays(report))
    failing = report.failing()
    if failing:
        parts.append("### Failing clauses")
    parts += [_failing(clause) for clause in failing[:CLAUSES_SHOWN]]
    if len(failing) > CLAUSES_SHOWN:
        parts.append(f"… and {plural(len(failing) - CLAUSES_SHOWN, 'clause')} more.")
    parts += _deviations(report)
    parts.append(f"All clauses with their evidence: `{html_writer.NAME}`.")
    return "\n\n".join(parts) + "\n"


def _run(report: Report) -> str:
    target, suite = report.target, report.suite
    seed = "" if suite.seed is None else f", seed {suite.seed}"
    return (
        f"Tenant `{_code(target.tenant)}` ({target.kind}) at `{_code(target.api_url)}`, "
        f"{report.started_at:%Y-%m-%d %H:%M} UTC; profile {_inline(suite.profile)}{seed}, "
        f"suite {_inline(suite.version)}; "
        f"{plural(report.requests.total, 'request')} in {report.duration_s:.0f} s; "
        f"customers: {report.data.created} created, {report.data.deleted} deleted, {report.data.left} left."
    )


def _counts(report: Report) -> str:
    by_level = {level: count_verdicts(report.select(level=level)) for level in LEVELS}
    columns = [verdict for verdict in VERDICTS if any(counts[verdict] for counts in by_level.values())]
    head = ["level", *(verdict.replace("_", " ") for verdict in columns)]
    rows = [[level.upper(), *(str(by_level[level][verdict]) for verdict in columns)] for level in LEVELS]
    return _table([head, ["---", *["---:"] * len(columns)], *rows])


def _coverage(report: Report) -> str:
    counts = [f"{kind} {len(each.reached)} of {each.total}" for kind, each in report.coverage.kinds.items()]
    return f"Exercised of the OpenAPI document: {', '.join(counts)}."


def _delays(report: Report) -> str:
    """How long changes took to become visible, where some did not at once."""
    windows = report.target.config.get("consistency", {})
    head = ["seconds until a change is visible", "changes", "late", "median", "p95", "longest", "window"]
    rows = [
        [name, str(delays.count), str(delays.late)]
        + [f"{seconds:g}" for seconds in (delays.median, delays.p95, delays.longest, windows.get(name, 0.0))]
        for name, delays in report.delays.items()
    ]
    return _table([head, ["---", *["---:"] * 6], *rows])


def _table(rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _failing(clause: ClauseVerdict) -> str:
    blocks = [f"**`{_code(clause.id)}`** ({clause.level.upper()}): {_inline(clause.text)}"]
    for failure in clause.failures[:1]:
        lines = [f"expected: {failure.expected}", f"actual:   {failure.actual}"]
        lines += [f"at:       {failure.detail}"] if failure.detail else []
        lines += [card.line for card in cards(failure.exchanges)]
        lines += [f"trace:    {failure.trace_id}"] if failure.trace_id else []
        blocks.append(_block("\n".join(truncate(escape_invisible(line), TEXT_SHOWN) for line in lines)))
        blocks += [_block(escape_invisible(failure.replay), "sh")] if failure.replay else []
    return "\n\n".join(blocks)


def _deviations(report: Report) -> list[str]:
    """The entries of deviations.toml that the run assessed."""
    assessed = [entry for entry in report.deviations if entry.state in STATES]
    if not assessed:
        return []
    rows = [
        [
            f"`{_code(entry.clause)}`",
            STATES[entry.state],
            _inline(truncate(entry.reason, TEXT_SHOWN)),
            str(entry.expires),
            _inline(entry.issue),
        ]
        for entry in assessed[:CLAUSES_SHOWN]
    ]
    more = [f"… and {len(assessed) - CLAUSES_SHOWN} more."] if len(assessed) > CLAUSES_SHOWN else []
    table = _table([["clause", "", "reason", "until", "issue"], ["---"] * 5, *rows])
    return ["### Accepted deviations", table, *more]


def _block(text: str, language: str = "text") -> str:
    """A fenced block whose fence is longer than any sequence of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _inline(text: str) -> str:
    """Text in which Markdown has no effect."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(escape_invisible(text).split()))


def _code(text: str) -> str:
    """Text inside one pair of backticks."""
    return " ".join(escape_invisible(text).replace("`", "'").split())
