"""Reports of earlier schema versions as documents of the present one."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from reporting.model.findings import Reason
from reporting.model.report import SchemaVersion

CURRENT: Final = str(get_args(SchemaVersion)[0])
READABLE: Final = ("1.0", "1.1", "2.0", CURRENT)
_UNTESTABLE: Final = "Untestable: "
_NOT_SELECTED: Final = "No test of this run asks about it"


def upgraded(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a readable version with the keys and values of the present one.

    Version 1 has the level "open", no reason codes, and failures without data: they keep their texts.
    """
    report = dict(document)
    if report.pop("schema_version") in ("2.0", CURRENT):  # 2.1 adds members, which have defaults
        return report
    report["clauses"] = [_clause(clause) for clause in report["clauses"]]
    report["deviations"] = [
        deviation | ({"state": "not_assessed"} if deviation["state"] == "unasked" else {})
        for deviation in report.get("deviations", [])
    ]
    return report


def _clause(clause: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "failures": [
            {"signature": f"{failure['actual']} instead of {failure['expected']}", **failure}
            for failure in clause["failures"]
        ]
    }
    if clause["level"] == "open":
        changes["level"] = "unspecified"
    if clause["reason"].startswith(_UNTESTABLE):
        reason = clause["reason"].removeprefix(_UNTESTABLE)
        changes |= {"reason": reason, "reason_code": Reason.UNTESTABLE}
    elif clause["reason"] == _NOT_SELECTED:
        changes["reason_code"] = Reason.NOT_SELECTED
    return clause | changes
