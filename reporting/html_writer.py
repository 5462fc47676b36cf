"""The report as conformance.html: one file that needs no network and works without scripts."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from itertools import groupby
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from reporting.exchanges import cards
from reporting.files import write_atomically
from reporting.gate import judged, verdict_sentence
from reporting.model import LEVELS, ClauseVerdict, Report, Verdict, count
from reporting.plain import UNSEEN, clipped, plain, plural

NAME = "conformance.html"
TEMPLATES = Path(__file__).with_name("templates")
TEXT_SHOWN = 4_000  # characters of one value; conformance.json holds it all

# A mark that reads without colour, and the word that says it.
MARKS: dict[Verdict, tuple[str, str]] = {
    "fail": ("✕", "fails"),
    "error": ("!", "error"),
    "known": ("≈", "known"),
    "pass": ("✓", "holds"),
    "observed": ("◇", "observed"),
    "skipped": ("○", "skipped"),
    "not_assessed": ("–", "not assessed"),
}
TITLES = {
    "token": "Tokens",
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
class Section:
    """One operation of the contract with its clauses."""

    operation: str
    title: str
    clauses: tuple[ClauseVerdict, ...]

    def cell(self, level: str | None = None) -> list[tuple[Verdict, int]]:
        """The verdicts of this level that occur, with their counts."""
        chosen = [clause for clause in self.clauses if level in (None, clause.level)]
        return [(verdict, number) for verdict, number in count(chosen).items() if number]


def write_html(report: Report, folder: Path) -> Path:
    """Write conformance.html into `folder`, whole or not at all; ReportError where that cannot be done."""
    path = folder / NAME
    write_atomically(path, html(report))
    return path


def html(report: Report) -> str:
    """The page, its style and script inside; its policy lets no other script run and nothing be fetched."""
    script = (TEMPLATES / "filter.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _environment().get_template("conformance.html.j2")
    return page.render(
        report=report,
        when=report.started_at.astimezone(UTC),
        sentence=verdict_sentence(report),
        failing=report.failing(),
        mood="fail" if report.select("fail", "must") else "pass" if judged(report) else "error",
        sections=_sections(report),
        total=Section("", "All", report.clauses),
        verdicts=[(verdict, number) for verdict, number in count(report.clauses).items() if number],
        levels=LEVELS,
        marks=MARKS,
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 – our own file
        script=Markup(script),  # noqa: S704 – our own file
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
    )


def _sections(report: Report) -> list[Section]:
    """The clauses by operation, in the order in which the catalogue first names each."""
    order = {clause.operation: None for clause in report.clauses}
    ranked = sorted(report.clauses, key=lambda clause: list(order).index(clause.operation))
    return [
        Section(operation, TITLES.get(operation, operation), tuple(clauses))
        for operation, clauses in groupby(ranked, key=lambda clause: clause.operation)
    ]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(seen=_seen, cards=cards, plural=plural, settings=_settings)
    return environment


def _seen(text: object) -> Markup:
    """Escaped text, not longer than shown, in which what cannot be seen stands out as its code point."""
    short = clipped(str(text), TEXT_SHOWN)
    pieces = UNSEEN.split(short)
    marks = UNSEEN.findall(short)
    return Markup().join(
        escape(piece) + (Markup('<span class="unseen">U+{:04X}</span>').format(ord(mark)) if mark else "")
        for piece, mark in zip(pieces, [*marks, ""], strict=True)
    )


def _settings(config: object, path: str = "") -> list[tuple[str, str]]:
    """A nested configuration as dotted keys with their values as text."""
    value = plain(config)
    if isinstance(value, dict):
        return [
            row for key, member in value.items() for row in _settings(member, f"{path}.{key}".lstrip("."))
        ]
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return [(path, text)]
