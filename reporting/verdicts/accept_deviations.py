"""Adds the failures of a run to deviations.toml; a person writes the reason of each."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from reporting.files import ReportError, write_atomically
from reporting.formats.text import one_line, plural
from reporting.model.findings import Failure
from reporting.model.report import Deviation, Report
from reporting.verdicts.deviations import NAME

VALIDITY: Final = timedelta(days=90)
"""How long a new entry is valid."""
SHOWN: Final = 90
HEADER: Final = (
    "Accepted failures: each needs a reason and is accepted until the day it expires.\n"
    "An entry with an empty reason is rejected."
)


def accept(report: Report, path: Path | None) -> str:
    """Add an entry for each failure that no entry covers; returns one sentence with the result.

    Existing content is kept, comments included. ReportError where the file cannot be written.
    """
    file = path or Path(NAME)
    added = list(_missing(report))
    expired = [entry for entry in report.deviations if entry.state == "expired"]
    renew = (
        f" {plural(len(expired), 'deviation')} expired: write a later date to accept it again."
        if expired
        else ""
    )
    if not added:
        return f"{file}: nothing to add.{renew}"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ReportError(f"{file} is not valid TOML: {error}; correct that line.") from None
    if not text:
        for line in HEADER.splitlines():
            document.add(tomlkit.comment(line))
        document.add(tomlkit.nl())
    entries = document.setdefault("deviation", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise ReportError(f"{file}: deviation is not a list of tables; write [[deviation]] above each entry.")
    for entry, failure in added:
        table = _table(entry, failure)
        if failure is not added[-1][1]:
            table.add(tomlkit.nl())
        entries.append(table)
    write_atomically(file, tomlkit.dumps(document))
    return f"{file}: {plural(len(added), 'deviation')} added; write the reason of each to accept it.{renew}"


def _missing(report: Report) -> Iterator[tuple[Deviation, Failure]]:
    expires = report.started_at.date() + VALIDITY
    for clause in report.failing():
        yielded = set[str]()
        for failure in clause.failures:
            covered = any(entry.covers(clause.id, failure) for entry in report.deviations)
            if not failure.accepted and not covered and failure.signature not in yielded:
                yielded.add(failure.signature)
                yield Deviation(clause.id, "", expires, signature=failure.signature), failure


def _table(entry: Deviation, failure: Failure) -> Table:
    table = tomlkit.table()
    table.add(tomlkit.comment(f"expected: {one_line(failure.expected, SHOWN)}"))
    table.add(tomlkit.comment(f"actual:   {one_line(failure.actual, SHOWN)}"))
    table.add("clause", entry.clause)
    table.add("signature", entry.signature)
    table.add("reason", entry.reason)
    table.add("expires", entry.expires)
    return table
