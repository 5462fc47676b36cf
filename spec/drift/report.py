"""The differences as a report: one entry for the same difference in several operations; as text, Markdown and JSON."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import jinja2

from spec.clauses import clauses
from spec.drift.affected import affected, operation_names
from spec.drift.differences import Difference
from spec.facts import Place

CLAUSES_SHOWN: Final = 8
_ENGLISH: Final = {None: "not stated", True: "yes"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One difference in all the places that have it; before, now and contract as of `Difference`.

    clauses: the ids of those that rest on it; none for a difference that corrections explain.
    """

    kind: str
    subject: str
    before: Any
    now: Any
    contract: Any
    renamed_to: str | None
    adopted: bool
    operations: tuple[str, ...]
    places: tuple[str, ...]
    clauses: tuple[str, ...]
    corrections: tuple[str, ...]

    @property
    def change(self) -> str:
        """What changed, in words."""
        if self.renamed_to:
            return f"now {self.renamed_to}"
        if self.kind == "changed":
            return f"{_value(self.before)} before, {_value(self.now)} now"
        return ""

    @property
    def note(self) -> str:
        """What the corrections that apply to it have to do with it; empty where none applies."""
        if not self.corrections:
            return ""
        reasons = " ".join(self.corrections)
        if self.adopted:
            return f"can be removed, the document states the same by now: {reasons}"
        return f"corrected to {_value(self.contract)}: {reasons}"


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs between a published document and the contract.

    differences: what the vendor changed; explained: where only the corrections of the contract differ; uncovered: the
    operations of the document that the contract does not have.
    """

    document: str
    differences: tuple[Entry, ...]
    explained: tuple[Entry, ...]
    uncovered: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The numbers of each, in one sentence."""
        count, others = len(self.differences), len(self.uncovered)
        changed = f"{count} difference{'' if count == 1 else 's'}" if count else "No difference"
        return (
            f"{changed} from the contract; {len(self.explained)} explained by corrections, "
            f"{others} operation{'' if others == 1 else 's'} not covered."
        )

    @property
    def reasons(self) -> list[str]:
        """The reasons of the corrections that explain differences, with the number of differences."""
        counts = Counter(" ".join(each.corrections) for each in self.explained)
        return [f"{number}: {reason}" for reason, number in counts.items()]


def drift(document: str, found: Sequence[Difference], uncovered: Iterable[str]) -> Drift:
    """The differences of a document, grouped."""
    return Drift(
        document,
        differences=tuple(_entries(each for each in found if not each.is_explained)),
        explained=tuple(_entries(each for each in found if each.is_explained)),
        uncovered=tuple(sorted(uncovered)),
    )


def as_json(found: Drift) -> str:
    """For programs: the fields of Drift and Entry, and the sentence."""
    return json.dumps({"sentence": found.sentence, **asdict(found)}, indent=1, default=str) + "\n"


def as_text(found: Drift) -> str:
    """A paragraph for each difference, a line for each correction and for each operation that is not covered."""
    return _rendered("drift.txt.j2", found)


def as_markdown(found: Drift) -> str:
    """The same as tables, for an issue or a job page."""
    return _rendered("drift.md.j2", found)


def _rendered(template: str, found: Drift) -> str:
    environment = jinja2.Environment(  # noqa: S701 - no HTML
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"shortened": _shortened, "code": "`{}`".format}
    return environment.get_template(template).render(found=found)


def _entries(found: Iterable[Difference]) -> Iterator[Entry]:
    groups: dict[str, list[Difference]] = defaultdict(list)
    for each in found:
        new = _subject(each.renamed_to) if each.renamed_to else None
        key = (each.kind, _subject(each.place), each.before, each.now, each.contract, new, each.corrections)
        groups[repr(key)].append(each)
    for group in groups.values():
        first, keys = group[0], {each.place.operation for each in group}
        resting = {clause for each in group if not each.is_explained for clause in affected(each)}
        yield Entry(
            kind=first.kind,
            subject=_subject(first.place),
            before=first.before,
            now=first.now,
            contract=first.contract,
            renamed_to=_subject(first.renamed_to) if first.renamed_to else None,
            adopted=first.is_adopted,
            operations=tuple(name for key, name in operation_names().items() if key in keys),
            places=tuple(f"{each.place.operation} {each.place}".strip() for each in group),
            clauses=tuple(each for each in clauses() if each in resting),
            corrections=first.corrections,
        )


def _subject(place: Place) -> str:
    """The place without what differs from one operation to the next: media types, statuses of errors, the list."""
    words = place.part.split(" ")
    if not place.path:
        return str(place)
    if words[0] == "response" and len(words) == 3:
        words = ["response" if words[1].startswith("2") else "error"]
    elif words[0] == "request":
        words = ["request"]
    return str(Place(place.operation, " ".join(words), place.path.replace("$[]", "$", 1), place.keyword))


def _shortened(clauses: Sequence[str], mark: str = "") -> str:
    """The first of the clauses, and how many more there are."""
    shown = [f"{mark}{each}{mark}" for each in clauses[:CLAUSES_SHOWN]]
    more = len(clauses) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "none"


def _value(value: Any) -> str:
    if value is None or value is True:
        return _ENGLISH[value]
    return json.dumps(value, default=str, ensure_ascii=False)
