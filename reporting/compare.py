"""`python -m reporting.compare old.json new.json`: what is different in the newer of two reports of one tenant.

Exit codes: 0 no regression, 1 a clause fails that did not, or in another way, 4 the reports cannot be compared.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from reporting.comparable import same_target
from reporting.files import ReportError
from reporting.formats.text import clipped, seen
from reporting.model.reader import read
from reporting.model.report import ClauseVerdict, Report, Verdict

SAME, REGRESSION, UNUSABLE = 0, 1, 4
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


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one clause, in a few words on one line."""

    kind: Kind
    clause: str
    level: str
    told: str


def changes(old: Report, new: Report) -> list[Change]:
    """What is different, the newly failing first, each kind in the order of the catalogue."""
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    found = [
        change
        for clause_id in {**after, **before}
        for change in _of(before.get(clause_id), after.get(clause_id))
    ]
    return sorted(found, key=lambda change: list(KINDS).index(change.kind))


def _of(old: ClauseVerdict | None, new: ClauseVerdict | None) -> Iterator[Change]:
    was: Verdict = old.verdict if old else "not_assessed"
    now: Verdict = new.verdict if new else "not_assessed"
    clause = new or old
    if clause is None:
        return

    def change(kind: Kind, told: str) -> Change:
        return Change(kind, clause.id, clause.level, clipped(" ".join(seen(told).split()), SHOWN))

    if new and now == "fail":
        ways = {failure.signature: failure for failure in new.failures if not failure.accepted}
        before = {failure.signature for failure in old.failures if not failure.accepted} if old else set()
        fresh = [failure for kind, failure in ways.items() if kind not in before]
        if was != "fail":
            came = f"{fresh[0].actual} instead of {fresh[0].expected}" if fresh else clause.text
            again = "accepted before, " if was == "known" else ""
            yield change("newly failing", again + came)
        elif fresh:
            yield change("newly failing", f"in another way: {fresh[0].actual} instead of {fresh[0].expected}")
    elif was in _FAILS and now == "pass":
        yield change("fixed", clause.text)
    elif was not in _ASSESSED and now in _ASSESSED:
        reading = f", {clause.reading}" if clause.reading else ""
        yield change("newly assessed", f"{_word(now)}{reading}")
    elif was in _ASSESSED and now not in _ASSESSED:
        why = new.reason if new else "the catalogue has it no more"
        yield change("lost evidence", f"{_word(was)} before, now {_word(now)}: {why}")
    if old and new and was in _ASSESSED and now in _ASSESSED:
        if lost := sorted(old.evidence.classes - new.evidence.classes):
            more = f" and {len(lost) - CLASSES_SHOWN} more" if len(lost) > CLASSES_SHOWN else ""
            yield change("lost evidence", f"no longer reached: {', '.join(lost[:CLASSES_SHOWN])}{more}")
        if was == now == "observed" and _parts(old.reading) != _parts(new.reading):
            yield change("changed reading", f"{new.reading or 'nothing'}; before: {old.reading or 'nothing'}")


def _parts(reading: str) -> set[str]:
    return set(reading.split("; "))


def _word(verdict: Verdict) -> str:
    return {"pass": "holds", "fail": "fails", "known": "fails as accepted"}.get(
        verdict, verdict.replace("_", " ")
    )


def sentence(found: Sequence[Change]) -> str:
    """What is different in one sentence."""
    counts = {kind: sum(change.kind == kind for change in found) for kind in KINDS}
    told = [f"{number} {kind}" for kind, number in counts.items() if number]
    return f"{', '.join(told)}." if told else "Nothing is different."


def as_text(found: Sequence[Change]) -> str:
    """A line for each change, and the sentence."""
    lines = [
        f"{KINDS[each.kind]} {each.kind}: {each.clause} ({each.level.upper()}): {each.told}" for each in found
    ]
    return "\n".join([*lines, sentence(found)]) + "\n"


def as_markdown(found: Sequence[Change]) -> str:
    """The same as a table for a job page or a pull request."""
    if not found:
        return f"**{sentence(found)}**\n"
    rows = [
        f"| {KINDS[each.kind]} {each.kind} | `{each.clause}` | {each.level.upper()} | {_cell(each.told)} |"
        for each in found
    ]
    return (
        "\n".join(
            [f"**{sentence(found)}**", "", "| | clause | level | |", "| --- | --- | --- | --- |", *rows]
        )
        + "\n"
    )


def as_json(found: Sequence[Change]) -> str:
    """The same for programs."""
    document = {
        "sentence": sentence(found),
        "regression": regressed(found),
        "changes": list(map(asdict, found)),
    }
    return json.dumps(document, indent=1) + "\n"


def regressed(found: Sequence[Change]) -> bool:
    """Whether a clause fails that did not, or in another way."""
    return any(change.kind == "newly failing" for change in found)


def _cell(text: str) -> str:
    special = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#|~$"})
    return text.translate(special)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and tell what is different; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.compare",
        description="Tell what is different between two reports of one tenant.",
    )
    parser.add_argument("old", type=Path, help="the conformance.json to compare with")
    parser.add_argument("new", type=Path, help="the newer one")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", dest="form", action="store_const", const=as_markdown, help="as a table")
    form.add_argument("--json", dest="form", action="store_const", const=as_json, help="for programs")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as ended:
        return UNUSABLE if ended.code else SAME
    try:
        old, new = read(options.old), read(options.new)
        same_target(options.old, old, options.new, new)
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    found = changes(old, new)
    sys.stdout.write((options.form or as_text)(found))
    return REGRESSION if regressed(found) else SAME


if __name__ == "__main__":
    sys.exit(main())
