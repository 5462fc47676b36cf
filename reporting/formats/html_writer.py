"""The report as conformance.html: one file that needs no network and works without scripts."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from reporting.files import write_atomically
from reporting.formats.html_page import MARKS, OPEN_AT_ONCE, Section, measured, sections
from reporting.formats.text import UNSEEN, clipped, plain, plural
from reporting.history import Past
from reporting.model.delays import Delays
from reporting.model.report import LEVELS, Report, count
from reporting.verdicts.gate import judged, verdict_sentence

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
    "unneeded": "fails no longer",
    "unasked": "not asked",
}
STEPS = 24  # of a distribution of delays
TEXT_SHOWN = 4_000  # characters of one value; conformance.json holds it all


def write_html(report: Report, folder: Path, past: Sequence[Past] = ()) -> Path:
    """Write conformance.html into `folder`, whole or not at all; ReportError where that cannot be done."""
    path = folder / NAME
    write_atomically(path, html(report, past))
    return path


def html(report: Report, past: Sequence[Past] = ()) -> str:
    """The page, its style and script inside; its policy lets no other script run and nothing be fetched.

    `past` are the last runs of the same target, this one among them, oldest first.
    """
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _environment().get_template("conformance.html.j2")
    arranged = sections(report, past)
    return page.render(
        report=report,
        when=report.started_at.astimezone(UTC),
        sentence=verdict_sentence(report),
        failing=report.failing(),
        mood="fail" if report.select("fail", "must") else "pass" if judged(report) else "error",
        sections=arranged,
        total=Section("", "All", tuple(row for section in arranged for row in section.rows)),
        open_at_once=sum(len(clause.failures) for clause in report.clauses) <= OPEN_AT_ONCE,
        flaky=[row.clause for section in arranged for row in section.rows if row.strip and row.strip.flaky],
        coverage=report.coverage,
        measured=measured(report.coverage),
        past=past,
        windows=WINDOWS,
        states=STATES,
        ids={clause.id for clause in report.clauses},
        verdicts=[(verdict, number) for verdict, number in count(report.clauses).items() if number],
        levels=LEVELS,
        marks=MARKS,
        told=_Told({clause.id for clause in report.clauses}),
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 – our own file
        script=Markup(script),  # noqa: S704 – our own file
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
    )


class _Told:
    """Text in which the id of a clause of the report leads to its row."""

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids

    def __call__(self, text: str) -> Markup:
        parts = re.split(r"([a-z]+\.[\w.-]*\w)", text)
        return Markup().join(
            Markup('<a href="#{0}">{0}</a>').format(part) if part in self._ids else _seen(part)
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
        seen=_seen, plural=plural, settings=_settings, percent=_percent, seconds=_seconds, spread=_spread
    )
    return environment


def _seen(text: object) -> Markup:
    """Text for the content of an element, not longer than shown, in which what cannot be seen is a code point.

    Quotes stay as they are, which halves a page full of JSON: never for an attribute.
    """
    short = clipped(str(text), TEXT_SHOWN)
    pieces = UNSEEN.split(short)
    marks = UNSEEN.findall(short)
    return Markup().join(
        _content(piece) + (Markup('<span class="unseen">U+{:04X}</span>').format(ord(mark)) if mark else "")
        for piece, mark in zip(pieces, [*marks, ""], strict=True)
    )


def _content(text: str) -> Markup:
    quoted = str(escape(text)).replace("&#34;", '"').replace("&#39;", "'")
    return Markup(quoted)  # noqa: S704 – escaped but for quotes, which mean nothing between tags


def _percent(part: int, whole: int) -> str:
    """A share in whole percent that says 100 only of all."""
    return f"{min(100 * part // whole, 99 if part < whole else 100)} %" if whole else "–"


def _seconds(seconds: float) -> str:
    """A time for the eye: 0, 40 ms, 2.5 s."""
    if not seconds:
        return "0"
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _spread(delays: Delays) -> list[int]:
    """The distribution in equal steps from 0 to the longest delay, as percent of the fullest step."""
    steps = [0] * STEPS
    for delay, number in delays.seen.items():
        steps[min(int(delay / delays.longest * STEPS), STEPS - 1) if delays.longest else 0] += number
    fullest = max(steps)
    return [max(4, 100 * number // fullest) if number else 0 for number in steps]


def _settings(config: object, path: str = "") -> list[tuple[str, str]]:
    """A nested configuration as dotted keys with their values as text."""
    value = plain(config)
    if isinstance(value, dict):
        return [
            row for key, member in value.items() for row in _settings(member, f"{path}.{key}".lstrip("."))
        ]
    members = value if isinstance(value, list) else [value]
    return [(path, ", ".join(each if isinstance(each, str) else json.dumps(each) for each in members))]
