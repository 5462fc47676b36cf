"""The report as conformance.html: one file that needs no network and is complete without scripts."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from reporting.files import write_atomically
from reporting.formats.html.page import MARKS, OPEN_AT_ONCE, Section, coverage_rows, sections
from reporting.formats.text import INVISIBLE, plural, remainder, truncate
from reporting.history import HistoryEntry
from reporting.model.delays import Delays
from reporting.model.report import LEVELS, Report, count_verdicts
from reporting.verdicts.gate import is_assessed, verdict_sentence

NAME = "conformance.html"
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


def write_html(report: Report, folder: Path, history: Sequence[HistoryEntry] = ()) -> Path:
    """Write conformance.html into `folder`, atomically; ReportError where that fails."""
    path = folder / NAME
    write_atomically(path, html(report, history))
    return path


def html(report: Report, history: Sequence[HistoryEntry] = ()) -> str:
    """The page with its style and script; its content security policy permits no other script and no request.

    `history` has the last runs of the same target, this one included, oldest first.
    """
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _environment().get_template("conformance.html.j2")
    arranged = sections(report, history)
    outcome = "pass" if is_assessed(report) else "error"
    return page.render(
        report=report,
        sentence=verdict_sentence(report),
        failing=report.failing(),
        outcome="fail" if report.select("fail", "must") else outcome,
        sections=arranged,
        total=Section("", "All", tuple(row for section in arranged for row in section.rows)),
        open_at_once=sum(len(clause.failures) for clause in report.clauses) <= OPEN_AT_ONCE,
        flaky=[
            row.clause
            for section in arranged
            for row in section.rows
            if row.sparkline and row.sparkline.flaky
        ],
        coverage=report.coverage,
        coverage_rows=coverage_rows(report.coverage),
        history=history,
        windows=WINDOWS,
        states=STATES,
        ids={clause.id for clause in report.clauses},
        verdicts=[(verdict, number) for verdict, number in count_verdicts(report.clauses).items() if number],
        levels=LEVELS,
        marks=MARKS,
        linked=_Linker({clause.id for clause in report.clauses}),
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 – our own file
        script=Markup(script),  # noqa: S704 – our own file
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
    )


class _Linker:
    """Renders text in which each clause id of the report is a link to its row."""

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids

    def __call__(self, text: str) -> Markup:
        parts = re.split(r"([a-z]+\.[\w.-]*\w)", text)
        return Markup().join(
            Markup('<a href="#{0}">{0}</a>').format(part) if part in self._ids else _text(part)
            for part in parts
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
