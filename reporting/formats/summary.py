"""The report as summary.md, for the job page of a CI system."""

import re
from functools import cache, partial
from pathlib import Path
from typing import Final

import jinja2

from reporting.formats.failures import exchange_lines
from reporting.model.findings import Failure
from reporting.model.report import Report, State
from reporting.text import escape_invisible, markdown, plural, truncate
from reporting.verdicts.gate import verdict_sentence
from reporting.verdicts.hints import remainder

CLAUSES_SHOWN: Final = 20  # job pages are limited in size; the HTML has all clauses
TEXT_SHOWN: Final = 600
STATES: Final[dict[State, str]] = {
    "accepted": "fails as accepted",
    "expired": "**fails, expired**",
    "unneeded": "**no longer fails**",
}


def summary(report: Report) -> str:
    """The report as GitHub-flavoured Markdown."""
    levels = report.counts()
    return _template().render(
        report=report,
        sentence=verdict_sentence(report),
        levels=levels,
        verdicts=list(levels["must"]),
        coverage=[f"{kind} {len(each.reached)} of {each.total}" for kind, each in report.coverage.items()],
        failing=report.failing(),
        deviations=[entry for entry in report.deviations if entry.state in STATES],
        states=STATES,
        clauses_shown=CLAUSES_SHOWN,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(  # noqa: S701 - Markdown
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "inline": markdown,
        "code": _code,
        "block": _block,
        "evidence": _evidence,
        "escape_invisible": escape_invisible,
        "plural": plural,
        "remainder": remainder,
        "number": "{:g}".format,
        "truncated": partial(truncate, limit=TEXT_SHOWN),
    }
    return environment.get_template("summary.md.j2")


def _evidence(failure: Failure) -> str:
    """What was expected and returned, where, and the exchanges."""
    lines = [f"expected: {failure.expected}", f"actual:   {failure.actual}"]
    lines += [f"at:       {failure.detail}"] if failure.detail else []
    lines += exchange_lines(failure.exchanges)
    lines += [f"trace:    {failure.trace_id}"] if failure.trace_id else []
    return "\n".join(truncate(escape_invisible(line), TEXT_SHOWN) for line in lines)


def _block(text: str, language: str = "text") -> str:
    """A fenced block whose fence is longer than any sequence of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _code(text: str) -> str:
    """Text inside one pair of backticks."""
    return " ".join(escape_invisible(text).replace("`", "'").split())
