"""The inventory of the published document: its facts by place, without its sentences.

`python -m meta_tests.support.published_inventory FILE-OR-URL` writes it from a published document.
"""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

import spec
from spec.drift.source import read
from spec.facts import Facts, Place, facts

INVENTORY = Path(__file__).with_suffix(".yaml")
ITSELF = "itself"
"""Stands for an operation, part, path or keyword that is empty."""


def covered(found: Facts) -> Facts:
    """The facts about the operations of the contract, and about the document as a whole."""
    ours = {place.operation for place in facts(spec.document(corrected=False), place="openapi.yaml")}
    return {place: value for place, value in found.items() if place.operation in ours}


def inventory() -> Facts:
    """The facts in the inventory, about all operations of the published document."""
    content = yaml.safe_load(INVENTORY.read_text(encoding="utf-8"))
    return {
        Place(*("" if name == ITSELF else name for name in (operation, part, path, keyword))): (
            value.split() if keyword == "type" else value
        )
        for operation, parts in content.items()
        for part, paths in parts.items()
        for path, keywords in paths.items()
        for keyword, value in keywords.items()
    }


def write(source: str) -> None:
    """Write the inventory of a published document; parts that state the same are written once."""
    content: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for place, value in sorted(facts(read(source), place=source).items()):
        names = [name or ITSELF for name in (place.operation, place.part, place.path, place.keyword)]
        content[names[0]][names[1]][names[2]][names[3]] = " ".join(value) if names[3] == "type" else value
    known: dict[str, Any] = {}
    shared = {
        operation: {part: known.setdefault(repr(paths), _plain(paths)) for part, paths in parts.items()}
        for operation, parts in content.items()
    }
    text = yaml.dump(shared, sort_keys=False, default_flow_style=None, width=150)
    INVENTORY.write_text(f"# {__doc__.splitlines()[0]}\n{text}", encoding="utf-8")


def _plain(paths: Any) -> dict[str, Any]:
    return {path: dict(keywords) for path, keywords in paths.items()}


if __name__ == "__main__":
    write(*sys.argv[1:])
