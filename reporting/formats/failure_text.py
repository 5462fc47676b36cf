"""A failure as text for pytest: the clause, what was expected, what was returned, and how to see it again."""

from reporting.formats.exchanges import exchange_lines
from reporting.model.findings import Failure
from reporting.text import escape_invisible
from spec import clause


def failure_text(clause_id: str, failure: Failure) -> str:
    """The clause with its promise, expected, actual and where, the exchanges one a line, and the replay command."""
    promise = clause(clause_id)
    lines = [
        f"{clause_id} ({promise.level.upper()}): {promise.text}",
        f"expected:  {failure.expected}",
        f"actual:    {failure.actual}",
        f"at:        {failure.detail}" if failure.detail else "",
        "exchanges:" if failure.exchanges else "",
        *(f"  {line}" for line in exchange_lines(failure.exchanges)),
        "example:" if failure.example else "",
        *(f"  {line}" for line in failure.example.splitlines()),
        f"trace:     {failure.trace_id}" if failure.trace_id else "",
        f"replay:    {failure.replay}" if failure.replay else "",
    ]
    return "\n".join(escape_invisible(line) for line in lines if line)
