"""What would change that a clause was not judged, in one sentence for whoever reads the report."""

import re
from typing import Final

from reporting.model.report import ClauseVerdict, Suite
from reporting.verdicts.gate import UNASKED

UNJUDGED: Final = frozenset({"error", "skipped", "not_assessed"})

# In the order in which they are tried; the pattern is looked for in the reason.
_BY_REASON: Final[tuple[tuple[str, str], ...]] = (
    (
        "second tenant|EMPORIX_OTHER",
        "Name a second tenant: EMPORIX_OTHER_TENANT, EMPORIX_OTHER_CLIENT_ID and _SECRET.",
    ),
    ("restricted client", "Name a restricted client, and what it may see in tenant.toml."),
    ("does not list the tenant's restrictions", "List them in tenant.toml, under [tenant] restrictions."),
    ("does not say (active|on_hold)_on_creation", "Say it in tenant.toml, under [tenant]."),
    ("static EMPORIX_ACCESS_TOKEN", "Give the client instead: EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET."),
    ("no token of this run expires", "Ask a tenant whose tokens live for seconds, as the embedded one's do."),
    ("id pattern literally", "Nothing that a client can do: the tenant takes no ids of its clients."),
    (r"could not get that far", "Mend what failed before it: the next run goes on from there."),
    (r"\[safety\]|max_(customers|requests|seconds)", "Raise that bound in tenant.toml, under [safety]."),
    ("interrupted", "Let a run come to its end."),
    ("Seen to hold", "Ask more: --hypothesis-profile=nightly, or another --hypothesis-seed."),
    (
        "network|gateway|no answer|stopped answering",
        "Run it again in better weather; this says nothing about the tenant.",
    ),
    ("token|refuse|reach", "See to it that the tenant can be asked, and run it again."),
)


def remedy(clause: ClauseVerdict, suite: Suite) -> str:
    """What to do so that the next run judges the clause; empty where it was judged."""
    if clause.verdict not in UNJUDGED:
        return ""
    if clause.untestable:
        return "Nothing: no run can judge it."
    if UNASKED in clause.reason:
        if suite.profile == "smoke":
            return "Run the gate profile, which asks about every clause."
        return "Run the suite without selecting tests or clauses."
    for pattern, told in _BY_REASON:
        if re.search(pattern, clause.reason):
            return told
    return "See to what is named here, and run it again."
