"""Files of a report: written whole or not at all, and the one error that reading and writing raise."""

import os
import tempfile
from pathlib import Path


class ReportError(ValueError):
    """A report cannot be written, read or made; the message is one sentence with the place and the remedy."""


def prepare(folder: Path) -> None:
    """Make the folder of a report, and see that files can be written there; ReportError where they cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ReportError(
            f"{folder}: no report can be written here ({reason}); choose another folder with --report-dir."
        ) from error


def write_atomically(path: Path, text: str) -> None:
    """Put `text` (UTF-8) at `path`, making its folder; a crash on the way leaves what was there before.

    ReportError where the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"{path.parent}: the report {path.name} cannot be written here ({reason}); "
            "choose another folder with --report-dir."
        ) from error
