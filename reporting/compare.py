"""`python -m reporting.compare old.json new.json`: what changed between two reports, by default of one tenant.

Exit codes: 0 no regression, 1 a clause fails that did not fail before, or in another way, 4 the reports cannot be
compared.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from reporting.formats.json_file import read, read_of_one_tenant
from reporting.model.report import ClauseVerdict, Report, Verdict
from reporting.text import markdown, one_line
from spec.command_line import run

SAME, REGRESSION = 0, 1
SHOWN: Final = 160
CLASSES_SHOWN: Final = 3
Kind = Literal["newly failing", "fixed", "newly assessed", "lost evidence", "changed reading"]
KINDS: Final[Mapping[Kind, str]] = {
    "newly failing": "✕",
    "fixed": "✓",
    "newly assessed": "+",
    "lost evidence": "−",
    "changed reading": "◇",
}
_FAILS: Final[frozenset[Verdict]] = frozenset({"fail", "known"})
_ASSESSED: Final[frozenset[Verdict]] = frozenset({"pass", "fail", "known", "observed"})
_WORDS: Final[Mapping[Verdict, str]] = {"pass": "passes", "fail": "fails", "known": "fails as accepted"}


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about one clause, on one line."""

    kind: Kind
    clause: str
    level: str
    detail: str


def changes(old: Report, new: Report) -> list[Change]:
    """What changed, the newly failing clauses first, each kind in the order of the catalogue."""
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    found = [
        Change(kind, clause_id, (after.get(clause_id) or before[clause_id]).level, one_line(detail, SHOWN))
        for clause_id in {**after, **before}
        for kind, detail in _changes_of(before.get(clause_id), after.get(clause_id))
    ]
    return sorted(found, key=lambda change: list(KINDS).index(change.kind))


def _changes_of(old: ClauseVerdict | None, new: ClauseVerdict | None) -> Iterator[tuple[Kind, str]]:
    was: Verdict = old.verdict if old else "not_assessed"
    now: Verdict = new.verdict if new else "not_assessed"
    if new and now == "fail":
        yield from _newly_failing(old, new)
    elif new and was in _FAILS and now == "pass":
        yield "fixed", new.text
    elif new and was not in _ASSESSED and now in _ASSESSED:
        yield "newly assessed", f"{_word(now)}{f', {new.reading}' if new.reading else ''}"
    elif was in _ASSESSED and now not in _ASSESSED:
        why = new.reason if new else "the clause is no longer in the catalogue"
        yield "lost evidence", f"{_word(was)} before, now {_word(now)}: {why}"
    if old and new and was in _ASSESSED and now in _ASSESSED:
        if lost := sorted(old.evidence.classes - new.evidence.classes):
            more = f" and {len(lost) - CLASSES_SHOWN} more" if len(lost) > CLASSES_SHOWN else ""
            yield "lost evidence", f"no longer reached: {', '.join(lost[:CLASSES_SHOWN])}{more}"
        if was == now == "observed" and _readings(old) != _readings(new):
            yield "changed reading", f"{new.reading or 'nothing'}; before: {old.reading or 'nothing'}"


def _newly_failing(old: ClauseVerdict | None, new: ClauseVerdict) -> Iterator[tuple[Kind, str]]:
    before = {failure.signature for failure in old.failures if not failure.accepted} if old else set()
    fresh = [each for each in new.failures if not each.accepted and each.signature not in before]
    what = f"expected {fresh[0].expected}, actual {fresh[0].actual}" if fresh else new.text
    if old is None or old.verdict != "fail":
        yield "newly failing", f"accepted before, {what}" if old and old.verdict == "known" else what
    elif fresh:
        yield "newly failing", f"in another way: {what}"


def _readings(clause: ClauseVerdict) -> set[str]:
    return set(clause.reading.split("; "))


def _word(verdict: Verdict) -> str:
    return _WORDS.get(verdict, verdict.replace("_", " "))


def sentence(found: Sequence[Change]) -> str:
    """The number of changes of each kind in one sentence."""
    counts = {kind: sum(change.kind == kind for change in found) for kind in KINDS}
    parts = [f"{number} {kind}" for kind, number in counts.items() if number]
    return f"{', '.join(parts)}." if parts else "No changes."


def as_text(found: Sequence[Change]) -> str:
    """A line for each change, and the sentence."""
    lines = [
        f"{KINDS[each.kind]} {each.kind}: {each.clause} ({each.level.upper()}): {each.detail}"
        for each in found
    ]
    return "\n".join([*lines, sentence(found)]) + "\n"


def as_markdown(found: Sequence[Change]) -> str:
    """The same as a table for a job page or a pull request."""
    if not found:
        return f"**{sentence(found)}**\n"
    rows = [
        f"| {KINDS[each.kind]} {each.kind} | `{each.clause}` | {each.level.upper()} | {markdown(each.detail)} |"
        for each in found
    ]
    head = [f"**{sentence(found)}**", "", "| | clause | level | |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows]) + "\n"


def as_json(found: Sequence[Change]) -> str:
    """The same for programs."""
    document = {
        "sentence": sentence(found),
        "regression": has_regression(found),
        "changes": list(map(asdict, found)),
    }
    return json.dumps(document, indent=1) + "\n"


def has_regression(found: Sequence[Change]) -> bool:
    """Whether a clause fails that did not fail before, or in another way."""
    return any(change.kind == "newly failing" for change in found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare two reports and print what changed; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.compare",
        description="Print what changed between two reports, by default of one tenant.",
    )
    parser.add_argument("old", type=Path, help="the conformance.json to compare with")
    parser.add_argument("new", type=Path, help="the newer one")
    parser.add_argument(
        "--any-tenant", action="store_true", help="the reports may be about different tenants"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", dest="form", action="store_const", const=as_markdown, help="as a table")
    form.add_argument("--json", dest="form", action="store_const", const=as_json, help="for programs")
    return run(parser, _compare, arguments)


def _compare(options: argparse.Namespace) -> int:
    paths = [options.old, options.new]
    old, new = map(read, paths) if options.any_tenant else read_of_one_tenant(paths)
    found = changes(old, new)
    sys.stdout.write((options.form or as_text)(found))
    return REGRESSION if has_regression(found) else SAME


if __name__ == "__main__":
    sys.exit(main())
