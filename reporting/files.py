"""Files of a report: written atomically, and the error that reading and writing raise."""

import os
import tempfile
from pathlib import Path

from spec.errors import UserError


class ReportError(UserError):
    """A report cannot be written, read or merged; the message is one sentence that names the file and the remedy."""


def prepare(folder: Path) -> None:
    """Create the folder of a report and check that it is writable; ReportError where it is not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ReportError(
            f"{folder}: no report can be written here ({(error.strerror or str(error)).lower()}); "
            "choose another folder with --report-dir."
        ) from error


def write_atomically(path: Path, text: str) -> None:
    """Write `text` (UTF-8) to `path`, creating its folder; after a crash the previous file is unchanged.

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
        raise ReportError(
            f"{path.parent}: the report {path.name} cannot be written here ({error.strerror or error}); "
            "choose another folder with --report-dir."
        ) from error
