"""The inventory of the published document: names, bounds, statuses and requiredness, without any sentence.

`python -m meta_tests.unit.spec.published_facts FILE` writes it anew from an OpenAPI document, when the contract follows
a later edition.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from spec.facts import Facts, Place, facts

FILE = Path(__file__).with_name("published_facts.json")


def read() -> Facts:
    """The facts of the published document, by place."""
    return {
        Place(*where, *what): value
        for group in json.loads(FILE.read_text(encoding="utf-8"))
        for where in group["places"]
        for *what, value in group["facts"]
    }


def write(document: dict[str, Any]) -> None:
    """Write the facts of a document. Parts of operations that state the same, such as all errors, are one group."""
    parts: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for place, value in facts(document, place="the document").items():
        parts[place.operation, place.part].append([place.path, place.keyword, value])
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for where, stated in parts.items():
        groups[json.dumps(sorted(stated, key=repr))].append(where)
    lines = (f'{{"places": {json.dumps(places)},\n"facts": {stated}}}' for stated, places in groups.items())
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write(yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8")))
