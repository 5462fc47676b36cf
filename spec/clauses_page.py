"""Writes docs/clauses.md, the clause catalogue as a page: `python -m spec.clauses_page`."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from spec.clauses import HEADINGS, Clause, clauses

PAGE = Path(__file__).parent.parent / "docs" / "clauses.md"

INTRODUCTION = """\
# The clauses

Every promise of the customer API that a tenant could break, one clause each. `python -m spec.clauses_page` writes
this page from `spec/clauses.yaml`; change the catalogue, not the page.

**Levels.** A *must* is the schema or an unconditional sentence of the contract, and fails the run.
A *should* is prose that leaves room, and fails the run only with `--strict`.
An *unspecified* clause covers a point on which the contract is silent or contradicts itself: the report shows which
of the listed *readings* the tenant has.

**Sources.** A heading names a section of the vendor's reference page.
*Published* is the vendor's reference, tutorials, standard practices or changelog.
*Inferred* is what every client relies on although no sentence states it.

**Needs.** What the run must have before the clause can be assessed; see the configuration.
"""


def page(catalogue: Iterable[Clause]) -> str:
    """The page in Markdown: an overview, then a table of clauses for each operation, in catalogue order."""
    listed = sorted(catalogue, key=lambda clause: list(HEADINGS).index(clause.operation))
    groups = [(operation, list(group)) for operation, group in groupby(listed, lambda c: c.operation)]
    parts = [INTRODUCTION, _overview(groups)]
    for operation, group in groups:
        rows = "\n".join(_row(clause) for clause in group)
        parts.append(
            f"## {HEADINGS[operation]}\n\n"
            "| clause | level | promise | source | needs | not testable because |\n"
            f"|---|---|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def _overview(groups: list[tuple[str, list[Clause]]]) -> str:
    lines = ["| operation | must | should | unspecified | all |", "|---|---:|---:|---:|---:|"]
    for operation, group in groups:
        link = f"[{HEADINGS[operation]}](#{HEADINGS[operation].lower().replace(' ', '-')})"
        lines.append(_counts(link, group))
    lines.append(_counts("**all**", [clause for _, group in groups for clause in group]))
    return "\n".join(lines) + "\n"


def _counts(label: str, group: list[Clause]) -> str:
    levels = Counter(clause.level for clause in group)
    return f"| {label} | {levels['must']} | {levels['should']} | {levels['unspecified']} | {levels.total()} |"


def _row(clause: Clause) -> str:
    readings = f" Readings: {', '.join(clause.readings)}." if clause.readings else ""
    cells = (
        f"`{clause.id}`",
        clause.level,
        clause.text + readings,
        clause.source,
        ", ".join(sorted(clause.needs)),
        clause.untestable or "",
    )
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    # Stars, angle brackets and bars are markup in Markdown.
    return text if text.startswith("`") else re.sub(r"([\\|*<>_])", r"\\\1", text)


if __name__ == "__main__":
    PAGE.write_text(page(clauses().values()), encoding="utf-8")
