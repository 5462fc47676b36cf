"""What a run tells whoever owns the tenant: what it is about to do, and what it could not delete."""

from collections.abc import Iterator
from pathlib import Path

from client import Leftovers, Settings
from harness.plugin import profiles
from harness.plugin.evidence_plugin import SHRINKING
from strategies.namespace import DOMAINS

NAMED = 10
"""Customers left behind that are named; the ledger knows all of them."""


def plan(settings: Settings, run_id: str, report_dir: Path, *, rounds: bool = False) -> Iterator[str]:
    """Where, as whom, how much at most, and how to undo it: said before the first request.

    `rounds`: it goes on, round after round, until a bound of [safety] is reached.
    """
    profile = profiles.profile()
    requests, customers = profiles.EXPECTED[profile]
    customers = min(customers, settings.tenant_config.safety.max_customers or customers)
    requests = min(requests, settings.tenant_config.safety.max_requests or requests)
    each = " in each round" if rounds else ""
    yield f"Run {run_id} is about to ask {_where(settings)}, {profile} profile."
    yield (
        f"  It makes up to {customers:,} customers{each} and deletes them at {'its' if rounds else 'the'} end. Their "
        f"ids or addresses begin with cct-{run_id}-, at {', '.join(DOMAINS)}; it changes no others."
    )
    windows = settings.tenant_config.consistency
    late = (
        ", one more for each look at what shows late"
        if max(windows.read, windows.index, windows.deletion)
        else ""
    )
    yield (
        f"  It sends up to {requests:,} requests{each}{late}, and up to {SHRINKING} more for each test that fails, "
        f"{_pace(settings)}. {_bounds(settings)}"
    )
    allowed = settings.tenant_config.safety.allow_notifications
    yield (
        "  It may make the tenant send e-mail to these addresses." if allowed else "  It has no e-mail sent."
    )
    yield f"  Should it be killed: {undoing(run_id, report_dir)}"


def left_behind(left: Leftovers, run_id: str, report_dir: Path) -> Iterator[str]:
    """The customers that could not be deleted, and what deletes them later."""
    if not left.left:
        return
    names = [f"{customer.tenant}/{customer.id}" for customer in left.left]
    more = [f"and {len(names) - NAMED} more"] if len(names) > NAMED else []
    yield f"Could not be deleted: {', '.join(names[:NAMED] + more)}."
    yield f"Delete them later: {undoing(run_id, report_dir)}"


def undoing(run_id: str, report_dir: Path) -> str:
    """The command that deletes what this run left behind."""
    return f"python -m tenant.sweep --run {run_id}" + (
        f" --report-dir {report_dir}" if report_dir != Path("reports") else ""
    )


def _where(settings: Settings) -> str:
    environment = settings.environment
    whom = (
        f"client {environment.client_id}" if environment.client_id else "the bearer of EMPORIX_ACCESS_TOKEN"
    )
    told = f"tenant {settings.tenant} at {settings.api_url} as {whom}"
    if environment.restricted_client_id:
        told += f" and as restricted client {environment.restricted_client_id}"
    if environment.other_tenant:
        told += f", and tenant {environment.other_tenant} as client {environment.other_client_id}"
    return told


def _pace(settings: Settings) -> str:
    pace = settings.tenant_config.rate_limit.requests_per_second
    return f"at most {pace:g} a second" if pace else "as fast as the tenant answers"


def _bounds(settings: Settings) -> str:
    safety = settings.tenant_config.safety
    bounds = {
        "max_customers": safety.max_customers,
        "max_requests": safety.max_requests,
        "max_seconds": safety.max_seconds,
    }
    told = [f"{name} = {bound:,.10g}" for name, bound in bounds.items() if bound is not None]
    return f"[safety] ends it at {', '.join(told)}." if told else "[safety] sets no bound."
