"""Adds the failures of a run to deviations.toml; a person writes the reason of each."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import tomlkit

from reporting.files import ReportError, write_atomically
from reporting.model.report import Report
from reporting.text import one_line, plural
from reporting.verdicts.deviations import NAME

VALIDITY: Final = timedelta(days=90)
"""How long a new entry is valid."""
SHOWN: Final = 90
HEADER: Final = """\
# Accepted failures: each needs a reason and is accepted until the day it expires.
# An entry with an empty reason is rejected.
"""
ENTRY: Final = """
[[deviation]]
# expected: {expected}
# actual:   {actual}
clause = "{clause}"
signature = {signature}
reason = ""
expires = {expires}
"""


def accept(report: Report, path: Path | None) -> str:
    """Add an entry for each failure that no entry covers; returns one sentence with the result.

    Existing content is kept, comments included. ReportError where the file cannot be written.
    """
    file = path or Path(NAME)
    added = list(_missing_entries(report))
    expired = sum(entry.state == "expired" for entry in report.deviations)
    renew = (
        f" {plural(expired, 'deviation')} expired: write a later date to accept it again." if expired else ""
    )
    if not added:
        return f"{file}: nothing to add.{renew}"
    text = "".join([file.read_text(encoding="utf-8") if file.exists() else HEADER, *added])
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReportError(f"{file}: no entry can be added ({error}); write each as [[deviation]].") from None
    write_atomically(file, text)
    return f"{file}: {plural(len(added), 'deviation')} added; write the reason of each to accept it.{renew}"


def _missing_entries(report: Report) -> Iterator[str]:
    """The text of an entry for each failure, by clause and signature, that no entry covers."""
    for clause in report.failing():
        signatures = {entry.signature for entry in report.deviations if entry.clause == clause.id}
        for failure in clause.failures:
            if failure.accepted or signatures & {"", failure.signature}:
                continue
            signatures.add(failure.signature)
            yield ENTRY.format(
                expected=one_line(failure.expected, SHOWN),
                actual=one_line(failure.actual, SHOWN),
                clause=clause.id,
                signature=tomlkit.item(failure.signature).as_string(),
                expires=report.started_at.date() + VALIDITY,
            )
