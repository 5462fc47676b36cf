"""The failures of a run as entries of deviations.toml, for a person to give each its reason."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from reporting.files import ReportError, write_atomically
from reporting.formats.text import clipped, seen
from reporting.model.findings import Failure
from reporting.model.report import Deviation, Report
from reporting.verdicts.deviations import NAME

LIFE: Final = timedelta(days=90)
"""How long a deviation is accepted unless somebody writes another date."""
SHOWN: Final = 90
FRESH: Final = (
    "Failures that are accepted: each needs a reason, and holds until the day it expires.\n"
    "Until its reason is written, an entry is refused."
)


def accept(report: Report, path: Path | None) -> str:
    """Add to the file an entry for each failure that no entry covers yet; one sentence about what was done.

    Whatever is in the file stays as it is, comments included. ReportError where it cannot be written.
    """
    place = path or Path(NAME)
    added = list(_missing(report))
    expired = [entry for entry in report.deviations if entry.state == "expired"]
    renew = f" {_counted(len(expired))} expired: write a new date to accept it longer." if expired else ""
    if not added:
        return f"{place}: nothing to add.{renew}"
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ReportError(f"{place} is not valid TOML: {error}; mend that line.") from None
    if not text:
        for line in FRESH.splitlines():
            document.add(tomlkit.comment(line))
        document.add(tomlkit.nl())
    entries = document.setdefault("deviation", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise ReportError(f"{place}: deviation is no list of tables; write [[deviation]] above each entry.")
    for entry, failure in added:
        table = _table(entry, failure)
        if failure is not added[-1][1]:
            table.add(tomlkit.nl())
        entries.append(table)
    write_atomically(place, tomlkit.dumps(document))
    return f"{place}: {_counted(len(added))} added; write the reason of each, then it is accepted.{renew}"


def _missing(report: Report) -> Iterator[tuple[Deviation, Failure]]:
    expires = report.started_at.date() + LIFE
    for clause in report.failing():
        told = set[str]()
        for failure in clause.failures:
            covered = any(entry.covers(clause.id, failure) for entry in report.deviations)
            if not failure.accepted and not covered and failure.signature not in told:
                told.add(failure.signature)
                yield Deviation(clause.id, "", expires, signature=failure.signature), failure


def _table(entry: Deviation, failure: Failure) -> Table:
    table = tomlkit.table()
    accepted, came = (
        clipped(" ".join(seen(text).split()), SHOWN) for text in (failure.expected, failure.actual)
    )
    table.add(tomlkit.comment(f"accepted: {accepted}"))
    table.add(tomlkit.comment(f"came:     {came}"))
    table.add("clause", entry.clause)
    table.add("signature", entry.signature)
    table.add("reason", entry.reason)
    table.add("expires", entry.expires)
    return table


def _counted(number: int) -> str:
    return "1 deviation" if number == 1 else f"{number} deviations"
