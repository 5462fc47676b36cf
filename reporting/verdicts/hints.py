"""What the reader of a report has to do: so that a clause is assessed, and about what the run has left behind."""

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
    Reason.SECOND_TENANT: (
        "Configure a second tenant: EMPORIX_OTHER_TENANT, EMPORIX_OTHER_CLIENT_ID and EMPORIX_OTHER_CLIENT_SECRET."
    ),
    Reason.RESTRICTED_CLIENT: (
        "Configure a restricted client: EMPORIX_RESTRICTED_CLIENT_ID and EMPORIX_RESTRICTED_CLIENT_SECRET, and "
        "[restricted_client] restrictions in tenant.toml."
    ),
    Reason.RESTRICTIONS: f"List the restrictions of the tenant in tenant.toml: [tenant] restrictions{_DESCRIBE}",
    Reason.ACTIVE_ON_CREATION: f"Set [tenant] active_on_creation in tenant.toml{_DESCRIBE}",
    Reason.ON_HOLD_ON_CREATION: f"Set [tenant] on_hold_on_creation in tenant.toml{_DESCRIBE}",
    Reason.CLIENT_CREDENTIALS: "Set EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET instead of EMPORIX_ACCESS_TOKEN.",
    Reason.SHORT_LIVED_TOKENS: "Use a tenant whose tokens expire within seconds, such as the embedded one.",
    Reason.CUSTOM_IDS: "No action is possible: the tenant does not accept custom ids.",
    Reason.FREE_MIXINS: "No action is possible: the tenant accepts only mixins whose schema it knows.",
    Reason.SHOWN_METADATA: "No action is possible: the tenant does not return metadata.mixins.",
    Reason.ADDRESSES: "Give the API key of the client the scope that the addresses of customers need.",
    Reason.COMPANIES: (
        "In [safety] of tenant.toml, set allow_companies = true if companies may stay in the tenant, or company to the "
        "registration id of one that exists."
    ),
    Reason.BLOCKED: "Fix the failure of the clause named in the reason and run the suite again.",
    Reason.BUDGET: "Raise the limit in tenant.toml, under [safety].",
    Reason.INTERRUPTED: "Let the run finish.",
    Reason.TOO_FEW_EXAMPLES: "Run more examples: --hypothesis-profile=nightly, or another --hypothesis-seed.",
    Reason.NETWORK: "Run the suite again when the network and the gateway are stable; the tenant is not at fault.",
    Reason.PREFLIGHT: "Check the address, the credentials and the network, and run the suite again.",
    Reason.NOT_SELECTED: "Run the suite without a selection of tests or clauses.",
    Reason.UNTESTABLE: "No action is possible: no run can assess this clause.",
    Reason.NO_EVIDENCE: _OTHER,
    Reason.OTHER: _OTHER,
}


def hint(clause: ClauseVerdict, suite: Suite) -> str:
    """What to do so that the next run assesses the clause; empty where this run did."""
    if clause.verdict not in UNASSESSED:
        return ""
    if clause.reason_code is Reason.NOT_SELECTED and suite.profile == "smoke":
        return "Run the gate profile, which has tests for every clause."
    return _HINTS[clause.reason_code or Reason.OTHER]


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
