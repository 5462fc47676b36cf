"""Compares the facts of a published document with those of the contract, as published before and as corrected."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from spec.contract import CORRECTIONS, DIRECTORY, DOCUMENT, document
from spec.facts import Facts, Place, facts
from spec.overlays import stages

Kind = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that differs.

    before, now: what the vendor published when the contract was written, and publishes now; contract: what the contract
    states, with its corrections. None where nothing is stated, True where a place exists. corrections: the reasons of
    the corrections that apply to the place. `renamed_to` is the new place of what was renamed.
    """

    kind: Kind
    place: Place
    before: Any
    now: Any
    contract: Any
    corrections: tuple[str, ...] = ()
    renamed_to: Place | None = None

    @property
    def is_explained(self) -> bool:
        """Whether the contract differs at this place by its corrections alone."""
        return bool(self.before == self.now)

    @property
    def is_adopted(self) -> bool:
        """Whether the document states by now what a correction states, so that the correction can go."""
        return bool(self.now == self.contract)


@dataclass(frozen=True, slots=True)
class Contract:
    """The facts of the contract: as published when it was written, and as corrected, with the reasons by place."""

    published: Facts
    corrected: Facts
    reasons: Mapping[Place, Sequence[str]]

    @property
    def operations(self) -> set[str]:
        """The keys of the operations that the contract has; one is empty, for the document as a whole."""
        return {place.operation for place in self.published}


@cache
def read_contract() -> Contract:
    """The contract in spec/."""
    base = document(corrected=False)
    published = corrected = facts(base, place=DOCUMENT)
    reasons: dict[Place, list[str]] = defaultdict(list)
    for action, after in stages(base, DIRECTORY / CORRECTIONS):
        before, corrected = corrected, facts(after, place=CORRECTIONS)
        for place in before.keys() | corrected.keys():
            if before.get(place) != corrected.get(place):
                reasons[place].append(action.description)
    return Contract(published, corrected, reasons)


def differences(contract: Contract, now: Facts) -> list[Difference]:
    """What differs in the operations of the contract, in order; nothing below a place that was added or removed."""
    covered = {place: value for place, value in now.items() if place.operation in contract.operations}
    found = {
        each.place: each
        for place in sorted({*contract.published, *contract.corrected, *covered})
        for each in _difference(contract, covered, place)
    }
    whole = {place: each for place, each in found.items() if not any(up in found for up in _above(place))}
    return list(_with_renamed(contract, covered, whole))


def _difference(contract: Contract, covered: Facts, place: Place) -> Iterator[Difference]:
    before, now, corrected = (known.get(place) for known in (contract.published, covered, contract.corrected))
    if not now == before == corrected:
        kind: Kind = "changed" if place.keyword else "removed" if now is None else "added"
        yield Difference(kind, place, before, now, corrected, tuple(contract.reasons.get(place, ())))


def _above(place: Place) -> Iterator[Place]:
    """The places that this place is a part of, as facts of existence."""
    if not (place.part or place.path or place.keyword):
        return
    yield Place(place.operation)
    words = place.part.split(" ")
    for length in range(1, len(words) + bool(place.path or place.keyword)):
        yield Place(place.operation, " ".join(words[:length]))
    steps = place.path.split(".")
    for length in range(2, len(steps) + bool(place.keyword)):
        path = ".".join(steps[:length])
        yield Place(place.operation, place.part, path)
        yield Place(place.operation, place.part, path.removesuffix("[]"))


def _with_renamed(
    contract: Contract, covered: Facts, found: Mapping[Place, Difference]
) -> Iterator[Difference]:
    """The differences, where one neighbour that was removed and one that was added state the same, as one."""
    places = [each for each in found.values() if not each.place.keyword and not each.is_explained]
    added = {each.place: _below(covered, each.place) for each in places if each.kind == "added"}
    pairs = [
        (each.place, now)
        for each in places
        for now, stated in added.items()
        if each.kind == "removed" and _parent(each.place) == _parent(now)
        if stated in (_below(contract.published, each.place), _below(contract.corrected, each.place))
    ]
    counts = Counter(place for pair in pairs for place in pair)
    renamed = {was: now for was, now in pairs if counts[was] == counts[now] == 1}
    for place, each in found.items():
        if place in renamed:
            yield replace(each, kind="renamed", renamed_to=renamed[place])
        elif place not in renamed.values():
            yield each


def _parent(place: Place) -> tuple[str, str, str]:
    """What two places share of which one may be the other under a new name."""
    if place.path:
        return place.operation, place.part, place.path.rpartition(".")[0]
    return place.operation, place.part.rpartition(" ")[0], ""


def _below(known: Facts, top: Place) -> dict[tuple[str, str, str], Any]:
    """The facts of a place and of what it consists of, with places relative to it."""
    return {
        (place.part.removeprefix(top.part), place.path.removeprefix(top.path), place.keyword): value
        for place, value in known.items()
        if place == top or top in _above(place)
    }
