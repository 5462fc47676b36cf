"""Whether two reports are about the same tenant, so that they can be compared or merged."""

from pathlib import Path

from reporting.files import ReportError
from reporting.model.report import Report


def require_same_target(one_path: Path, one: Report, other_path: Path, other: Report) -> None:
    """ReportError, with one sentence, unless both reports are about one tenant.

    The embedded tenant has another port in every run, so only its name is compared.
    """
    if _identity(one) != _identity(other):
        raise ReportError(
            f"{other_path}: is about {_description(other)}, but {one_path} about {_description(one)}; "
            "name reports of one tenant."
        )


def _identity(report: Report) -> tuple[str, ...]:
    target = report.target
    address = target.api_url if target.kind == "live" else ""
    return target.kind, target.tenant, address.rstrip("/")


def _description(report: Report) -> str:
    target = report.target
    return f"the {target.kind} tenant {target.tenant or 'without a name'} at {target.api_url or 'no address'}"
