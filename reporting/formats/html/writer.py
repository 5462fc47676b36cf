"""The report as conformance.html: one file that needs no network and is complete without scripts."""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Sequence
from functools import cache, partial
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from reporting.formats.curl_script import script
from reporting.formats.failures import exchange_lines, headers_text
from reporting.formats.html.differences import lines, within
from reporting.formats.html.page import (
    MARKS,
    OPEN_AT_ONCE,
    Section,
    failures_with_cards,
    sections,
    sparkline,
)
from reporting.history import Verdicts, is_flaky
from reporting.model.coverage import KINDS, Points
from reporting.model.delays import Delays
from reporting.model.report import LEVELS, Report, count_verdicts
from reporting.text import INVISIBLE, body_text, plural, truncate
from reporting.verdicts.gate import is_assessed, verdict_sentence
from reporting.verdicts.hints import hint, remainder

TEMPLATES = Path(__file__).with_name("templates")
WINDOWS = {
    "read": "get, after a write",
    "index": "list and search, after a write",
    "deletion": "every read, after a deletion",
}
STATES = {
    "accepted": "fails as accepted",
    "expired": "fails, expired",
    "unneeded": "no longer fails",
    "not_assessed": "not assessed",
}
BARS = 24  # of a distribution of delays
TEXT_SHOWN = 4_000  # characters of one value; conformance.json has the whole value


def html(report: Report, history: Sequence[Verdicts] = ()) -> str:
    """The page with its style and script; its content security policy permits no other script and no request.

    `history` has the last runs of the same target, this one included, oldest first.
    """
    behaviour = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(behaviour.encode()).digest()).decode()
    page = _environment().get_template("conformance.html.j2")
    arranged = sections(report)
    outcome = "pass" if is_assessed(report) else "error"
    runs = {clause.id: [run.get(clause.id) for run in history] for clause in report.clauses}
    return page.render(
        report=report,
        sentence=verdict_sentence(report),
        failing=report.failing(),
        outcome="fail" if report.select("fail", "must") else outcome,
        sections=arranged,
        total=Section("", "All", report.clauses),
        open_at_once=sum(len(clause.failures) for clause in report.clauses) <= OPEN_AT_ONCE,
        with_cards=failures_with_cards(report),
        sparklines={
            clause_id: sparkline(verdicts)
            for clause_id, verdicts in runs.items()
            if len(history) > 1 and any(verdicts)
        },
        flaky=[clause for section in arranged for clause in section.clauses if is_flaky(runs[clause.id])],
        coverage_kinds=KINDS,
        exercised=sum(report.coverage.values(), Points()),
        history=history,
        windows=WINDOWS,
        states=STATES,
        ids={clause.id for clause in report.clauses},
        verdicts=[(verdict, number) for verdict, number in count_verdicts(report.clauses).items() if number],
        levels=LEVELS,
        marks=MARKS,
        linked=partial(_linked, {clause.id for clause in report.clauses}),
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 – our own file
        script=Markup(behaviour),  # noqa: S704 – our own file
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
    )


def _linked(ids: Collection[str], text: str) -> Markup:
    """The text, in which each of these clause ids is a link to its row."""
    return Markup().join(
        Markup('<a href="#{0}">{0}</a>').format(part) if part in ids else _text(part)
        for part in re.split(r"([a-z]+\.[\w.-]*\w)", text)
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        text=_text,
        plural=plural,
        remainder=remainder,
        hint=hint,
        within=within,
        lines=lines,
        script=script,
        headers_text=headers_text,
        body_text=body_text,
        exchange_lines=exchange_lines,
        by_operation=_by_operation,
        settings=_settings,
        percent=_percent,
        seconds=_seconds,
        bars=_bars,
    )
    return environment


def _text(text: object) -> Markup:
    """Text for the content of an element, cut, with invisible characters as code points.

    Quotes are not escaped, which halves a page full of JSON: not for attributes.
    """
    short = truncate(str(text), TEXT_SHOWN)
    pieces = INVISIBLE.split(short)
    marks = INVISIBLE.findall(short)
    return Markup().join(
        _content(piece)
        + (Markup('<span class="invisible">U+{:04X}</span>').format(ord(mark)) if mark else "")
        for piece, mark in zip(pieces, [*marks, ""], strict=True)
    )


def _content(text: str) -> Markup:
    quoted = str(escape(text)).replace("&#34;", '"').replace("&#39;", "'")
    return Markup(quoted)  # noqa: S704 – escaped except for quotes, which have no meaning between tags


def _by_operation(points: Sequence[str]) -> dict[str, list[str]]:
    """What follows the operation in the names of points, by operation."""
    found: dict[str, list[str]] = {}
    for point in points:
        operation, _, rest = point.partition(" ")
        found.setdefault(operation, []).append(rest)
    return found


def _percent(part: int, whole: int) -> str:
    """A share in whole percent, 100 only where nothing is missing."""
    return f"{min(100 * part // whole, 99 if part < whole else 100)} %" if whole else "–"


def _seconds(seconds: float) -> str:
    """A time for display: 0, 40 ms, 2.5 s."""
    if not seconds:
        return "0"
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _bars(delays: Delays) -> list[int]:
    """The distribution as bars from 0 to the longest delay, in percent of the highest bar."""
    bars = [0] * BARS
    for delay, number in delays.seen.items():
        bars[min(int(delay / delays.longest * BARS), BARS - 1) if delays.longest else 0] += number
    highest = max(bars)
    return [max(4, 100 * number // highest) if number else 0 for number in bars]


def _settings(value: object, path: str = "") -> list[tuple[str, str]]:
    """A nested configuration as dotted keys with their values as text."""
    if isinstance(value, dict):
        return [
            row for key, member in value.items() for row in _settings(member, f"{path}.{key}".lstrip("."))
        ]
    members = value if isinstance(value, list) else [value]
    return [(path, ", ".join(each if isinstance(each, str) else json.dumps(each) for each in members))]
