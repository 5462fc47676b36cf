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

    Version 1 has the level "open", no reason codes, and failures without data: they keep their texts. Values of
    unexpected types are left for the validation.
    """
    report = dict(document)
    if report.pop("schema_version") in ("2.0", CURRENT):  # 2.1 adds members, which have defaults
        return report
    report["clauses"] = _each(report.get("clauses"), _clause)
    report["deviations"] = _each(report.get("deviations", []), _deviation)
    return report


def _each(members: Any, convert: Any) -> Any:
    if not isinstance(members, list):
        return members
    return [convert(dict(each)) if isinstance(each, dict) else each for each in members]


def _clause(clause: dict[str, Any]) -> dict[str, Any]:
    if clause.get("level") == "open":
        clause["level"] = "unspecified"
    reason = str(clause.get("reason", ""))
    if reason.startswith(_UNTESTABLE):
        clause |= {"reason": reason.removeprefix(_UNTESTABLE), "reason_code": Reason.UNTESTABLE}
    elif reason == _NOT_SELECTED:
        clause["reason_code"] = Reason.NOT_SELECTED
    clause["failures"] = _each(clause.get("failures"), _failure)
    return clause


def _failure(failure: dict[str, Any]) -> dict[str, Any]:
    failure.setdefault("signature", f"{failure.get('actual')} instead of {failure.get('expected')}")
    return failure


def _deviation(deviation: dict[str, Any]) -> dict[str, Any]:
    if deviation.get("state") == "unasked":
        deviation["state"] = "not_assessed"
    return deviation
