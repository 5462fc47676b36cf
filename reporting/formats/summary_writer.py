"""The report as summary.md, for the job page of a CI system."""

import re
from datetime import UTC
from pathlib import Path

from reporting.files import write_atomically
from reporting.formats import html_writer
from reporting.formats.exchange_cards import cards
from reporting.formats.text import clipped, plural, seen
from reporting.model.report import LEVELS, VERDICTS, ClauseVerdict, Report, count
from reporting.verdicts.gate import verdict_sentence

NAME = "summary.md"
CLAUSES_SHOWN = 20  # job pages are limited in size; the whole is in the HTML
TEXT_SHOWN = 600


def write_summary(report: Report, folder: Path) -> Path:
    """Write summary.md into `folder`, whole or not at all; ReportError where that cannot be done."""
    path = folder / NAME
    write_atomically(path, summary(report))
    return path


def summary(report: Report) -> str:
    """The report as GitHub-flavoured Markdown."""
    parts = [f"## {_inline(verdict_sentence(report))}", _facts(report)]
    if report.data.left:
        parts.append(
            f"> **{plural(report.data.left, 'customer')} of this run left in the tenant.** "
            "Run `make sweep` with the same environment."
        )
    parts.append(_counts(report))
    if report.coverage:
        parts.append(_coverage(report))
    if any(delays.late for delays in report.delays.values()):
        parts.append(_delays(report))
    failing = report.failing()
    if failing:
        parts.append("### What fails")
    parts += [_failing(clause) for clause in failing[:CLAUSES_SHOWN]]
    if len(failing) > CLAUSES_SHOWN:
        parts.append(f"… and {plural(len(failing) - CLAUSES_SHOWN, 'clause')} more.")
    parts += _deviations(report)
    parts.append(f"Every clause with its evidence: `{html_writer.NAME}`.")
    return "\n\n".join(parts) + "\n"


def _facts(report: Report) -> str:
    target, suite = report.target, report.suite
    seed = "" if suite.seed is None else f", seed {suite.seed}"
    return (
        f"Tenant `{_code(target.tenant)}` ({target.kind}) at `{_code(target.api_url)}`, "
        f"{report.started_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC; profile {_inline(suite.profile)}{seed}, "
        f"suite {_inline(suite.version)}; "
        f"{plural(report.requests.total, 'request')} in {report.duration_s:.0f} s; "
        f"customers: {report.data.created} created, {report.data.deleted} deleted, {report.data.left} left."
    )


def _counts(report: Report) -> str:
    by_level = {level: count(report.select(level=level)) for level in LEVELS}
    reached = [verdict for verdict in VERDICTS if any(counts[verdict] for counts in by_level.values())]
    rows = [
        ["level", *(verdict.replace("_", " ") for verdict in reached)],
        ["---", *("---:" for _ in reached)],
    ]
    rows += [[level.upper(), *(str(by_level[level][verdict]) for verdict in reached)] for level in LEVELS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _coverage(report: Report) -> str:
    told = [f"{kind} {len(each.reached)} of {each.total}" for kind, each in report.coverage.kinds.items()]
    return f"Exercised of the OpenAPI document: {', '.join(told)}."


def _delays(report: Report) -> str:
    """How long changes took to show, where some did not at once."""
    windows = report.target.config.get("consistency", {})
    rows = [
        ["seconds until a change shows", "changes", "late", "median", "p95", "longest", "window"],
        ["---", *["---:"] * 6],
    ]
    for name, delays in report.delays.items():
        times = (delays.median, delays.p95, delays.longest, windows.get(name, 0.0))
        rows.append([name, str(delays.count), str(delays.late), *(f"{seconds:g}" for seconds in times)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _failing(clause: ClauseVerdict) -> str:
    lines = [f"**`{_code(clause.id)}`** ({clause.level.upper()}): {_inline(clause.text)}"]
    for failure in clause.failures[:1]:
        steps = [card.line for card in cards(failure.exchanges)]
        told = [f"accepted: {failure.expected}", f"came:     {failure.actual}"]
        told += [f"at:       {failure.detail}"] if failure.detail else []
        lines.append(_block("\n".join(clipped(seen(line), TEXT_SHOWN) for line in [*told, *steps])))
        lines += [_block(seen(failure.replay), "sh")] if failure.replay else []
    return "\n\n".join(lines)


def _deviations(report: Report) -> list[str]:
    """What deviations.toml accepts, as far as the run says something of it."""
    words = {
        "accepted": "fails as accepted",
        "expired": "**fails, expired**",
        "unneeded": "**fails no longer**",
    }
    told = [entry for entry in report.deviations if entry.state in words]
    if not told:
        return []
    rows = [
        f"| `{_code(entry.clause)}` | {words[entry.state]} | {_inline(clipped(entry.reason, TEXT_SHOWN))} "
        f"| {entry.expires} | {_inline(entry.issue)} |"
        for entry in told[:CLAUSES_SHOWN]
    ]
    more = [f"… and {len(told) - CLAUSES_SHOWN} more."] if len(told) > CLAUSES_SHOWN else []
    table = ["| clause | | reason | until | issue |", "| --- | --- | --- | --- | --- |", *rows]
    return ["### Accepted deviations", "\n".join(table), *more]


def _block(text: str, language: str = "text") -> str:
    """A fenced block whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _inline(text: str) -> str:
    """Text that Markdown leaves alone."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(seen(text).split()))


def _code(text: str) -> str:
    """Text inside one pair of backticks."""
    return " ".join(seen(text).replace("`", "'").split())
