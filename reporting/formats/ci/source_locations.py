"""The files and lines of clauses and tests, for views that show code."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from spec.clauses import CATALOGUE

ROOT: Final = CATALOGUE.parents[1]
Location = tuple[str, int]
"""A path below the root of the project, with slashes, and a line, from 1."""


@cache
def clause_lines() -> dict[str, int]:
    """The line of spec/clauses.yaml on which each clause begins."""
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    named = (
        (re.search(r"\bid: *[\"']?([A-Za-z0-9._-]+)", line), number) for number, line in enumerate(lines, 1)
    )
    return {match[1]: number for match, number in named if match}


def of_clause(clause_id: str) -> Location:
    """The location of the clause in the catalogue; the first line for a clause that is no longer in it."""
    return CATALOGUE.relative_to(ROOT).as_posix(), clause_lines().get(clause_id, 1)


def of_test(node_id: str) -> Location | None:
    """The location of the test with this node id; None where there is no such file."""
    file, _, name = node_id.partition("::")
    path = Path(file)
    if not file or path.is_absolute() or ".." in path.parts:
        return None
    return _in_file(path.as_posix(), re.split(r"\[|::", name)[0])


@cache
def _in_file(file: str, function: str) -> Location | None:
    try:
        text = (ROOT / file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    found = re.search(rf"^(?:def|class) {re.escape(function)}\b", text, re.MULTILINE)
    return file, text.count("\n", 0, found.start()) + 1 if found else 1
