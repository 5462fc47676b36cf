"""The output for GitHub Actions: the job summary, and annotations of the code."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reporting.formats.ci import source_locations
from reporting.formats.summary import summary
from reporting.model.report import ClauseVerdict, Report
from reporting.text import escape_invisible, truncate

SUMMARY_BYTES: Final = 900_000
"""GitHub rejects a summary of more than 1 MiB for a step."""
SHOWN: Final = 10
"""GitHub shows at most this number of annotations of a kind for a step."""
TEXT_SHOWN: Final = 1_000


def summarise(report: Report, environ: Mapping[str, str]) -> str:
    """Append the summary to the job page, if there is one; a sentence where that fails."""
    page = environ.get("GITHUB_STEP_SUMMARY")
    if not page:
        return ""
    text = summary(report).encode("utf-8", "replace")[:SUMMARY_BYTES].decode("utf-8", "ignore")
    try:
        with Path(page).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        return f"{page}: the job summary cannot be written ({(error.strerror or str(error)).lower()})."
    return ""


def annotations(report: Report, environ: Mapping[str, str]) -> Iterator[str]:
    """A workflow command for each failing clause: MUST an error, SHOULD a warning; none outside of GitHub."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return
    for command, clauses in (
        ("error", report.select("fail", "must")),
        ("warning", report.select("fail", "should")),
    ):
        shown = clauses if len(clauses) <= SHOWN else clauses[: SHOWN - 1]
        yield from (_annotation(command, clause) for clause in shown)
        if more := clauses[len(shown) :]:
            names = truncate(", ".join(clause.id for clause in more), TEXT_SHOWN)
            yield f"::{command} title=and {len(more)} more::{_data(names)}"


def _annotation(command: str, clause: ClauseVerdict) -> str:
    lines = [clause.text]
    location = source_locations.of_clause(clause.id)
    for failure in clause.failures[:1]:
        lines += [f"expected: {failure.expected}", f"actual: {failure.actual}", f"replay: {failure.replay}"]
        location = source_locations.of_test(failure.test) or location
    text = "\n".join(truncate(escape_invisible(line), TEXT_SHOWN) for line in lines)
    file, line = location
    title = f"{clause.id} ({clause.level.upper()})"
    return f"::{command} file={_property(file)},line={line},title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    """Escaped for the runner; otherwise the response of a tenant could contain workflow commands."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
