"""Advice to the reader of a report: how a clause can be assessed, and what to do with what the run has left."""

from collections.abc import Mapping
from typing import Final

from reporting.model.findings import Reason
from reporting.model.report import ClauseVerdict, Data, Suite, Verdict
from reporting.text import plural

TIMES_SHOWN: Final = 10
UNASSESSED: Final = frozenset[Verdict]({"error", "skipped", "not_assessed"})
_DESCRIBE: Final = ", or give the API key the scope configuration.configuration_view and run make describe."
_OTHER: Final = "Resolve the reason and run the suite again."
_HINTS: Final[Mapping[Reason, str]] = {
    "second-tenant": (
        "Configure a second tenant: EMPORIX_OTHER_TENANT, EMPORIX_OTHER_CLIENT_ID and EMPORIX_OTHER_CLIENT_SECRET."
    ),
    "restricted-client": (
        "Configure a restricted client: EMPORIX_RESTRICTED_CLIENT_ID and EMPORIX_RESTRICTED_CLIENT_SECRET, and "
        "[restricted_client] restrictions in tenant.toml."
    ),
    "restrictions": f"List the restrictions of the tenant in tenant.toml: [tenant] restrictions{_DESCRIBE}",
    "active-on-creation": f"Set [tenant] active_on_creation in tenant.toml{_DESCRIBE}",
    "on-hold-on-creation": f"Set [tenant] on_hold_on_creation in tenant.toml{_DESCRIBE}",
    "client-credentials": "Set EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET instead of EMPORIX_ACCESS_TOKEN.",
    "short-lived-tokens": "Use a tenant whose tokens expire within seconds, such as the embedded one.",
    "custom-ids": "No action is possible: the tenant does not accept custom ids.",
    "free-mixins": "No action is possible: the tenant accepts only mixins whose schema it knows.",
    "shown-metadata": "No action is possible: the tenant does not return metadata.mixins.",
    "addresses": "Give the API key of the client the scope that the addresses of customers need.",
    "companies": (
        "In [safety] of tenant.toml, set allow_companies = true if companies may stay in the tenant, or company to the "
        "registration id of one that exists."
    ),
    "blocked": "Fix the failure of the clause named in the reason and run the suite again.",
    "budget": "Raise the limit in tenant.toml, under [safety].",
    "interrupted": "Let the run finish.",
    "too-few-examples": "Run more examples: --hypothesis-profile=nightly, or another --hypothesis-seed.",
    "network": "Run the suite again when the network and the gateway are stable; the tenant is not at fault.",
    "preflight": "Check the address, the credentials and the network, and run the suite again.",
    "not-selected": "Run the suite without a selection of tests or clauses.",
    "untestable": "No action is possible: no run can assess this clause.",
    "no-evidence": _OTHER,
    "other": _OTHER,
}


def hint(clause: ClauseVerdict, suite: Suite) -> str:
    """What to do so that the next run assesses the clause; empty where this run did."""
    if clause.verdict not in UNASSESSED:
        return ""
    if clause.reason_code == "not-selected" and suite.profile == "smoke":
        return "Run the gate profile, which has tests for every clause."
    return _HINTS[clause.reason_code or "other"]


def remainder(data: Data) -> str:
    """What may be left in the tenant beside customers that are known to be left; empty if nothing is."""
    sentences = []
    if data.addresses_left:
        sentences.append(f"{plural(data.addresses_left, 'address')} of deleted customers left in the tenant.")
    if data.unaccounted:
        times = ", ".join(data.unaccounted_at[:TIMES_SHOWN]) + (
            ", …" if data.unaccounted > TIMES_SHOWN else ""
        )
        sentences.append(
            f"{plural(data.unaccounted, 'request')} may have left a customer that cannot be found ({times}): "
            "look at the customers that were created then."
        )
    return " ".join(sentences)
