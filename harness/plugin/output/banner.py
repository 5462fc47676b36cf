"""What a run prints for the owner of a tenant: what it will do, and what it could not delete."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from client import CleanupResult, Settings
from client.lifecycle.facts import Fact
from harness.plugin.evidence.evidence_plugin import SHRINKING_SHARE
from harness.plugin.execution import profiles
from strategies.namespace import DOMAINS

MAX_NAMED = 10
"""How many undeleted customers are named; the ledger has all of them."""


def plan(
    settings: Settings, run_id: str, report_dir: Path, *, repeats: bool, reads_facts: bool
) -> Iterator[str]:
    """The target, the client, the limits and the clean-up of a run, to be printed before its first request.

    `repeats`: the run repeats its tests in rounds until a limit of [safety] is reached; `reads_facts`: it has no
    tenant.toml, and reads the configuration of the tenant instead.
    """
    profile, safety = profiles.profile(), settings.tenant_config.safety
    requests, customers = profiles.EXPECTED[profile]
    customers = min(customers, safety.max_customers or customers)
    requests = min(requests, safety.max_requests or requests)
    each, end = (" in each round", "its end") if repeats else ("", "the end")
    windows = settings.tenant_config.consistency
    polls = " and one more for each poll," if max(windows.read, windows.index, windows.deletion) else ""
    rate = settings.tenant_config.rate_limit.requests_per_second
    speed = f"at most {rate:g} per second" if rate else "as fast as the tenant answers"
    bounds = {name: getattr(safety, name) for name in ("max_customers", "max_requests", "max_seconds")}
    limits = ", ".join(f"{name} = {bound:,.10g}" for name, bound in bounds.items() if bound is not None)
    yield f"Run {run_id} will test {_target(settings)}, {profile} profile."
    yield (
        f"  It creates up to {customers:,} customers{each} and deletes them at {end}. Their ids or e-mail addresses "
        f"begin with cct-{run_id}-; the domains are {', '.join(DOMAINS)}. It changes no other customers."
    )
    yield (
        f"  It sends up to {requests:,} requests{each},{polls} and up to {requests // SHRINKING_SHARE:,} more if "
        f"tests fail, {speed}. " + (f"[safety] ends it at {limits}." if limits else "[safety] sets no limit.")
    )
    yield _effects(settings)
    yield f"  If it is killed, delete its customers: {sweep_command(run_id, report_dir)}"
    if reads_facts:
        yield (
            "  Without --tenant-config, it first reads the restrictions, sites and defaults of the tenant from its "
            "configuration and site services."
        )


def facts(facts: Sequence[Fact]) -> Iterator[str]:
    """What a run without tenant.toml has read from the tenant, and what it could not read."""
    if not facts:
        return
    read = "; ".join(f"{fact.key} {_value(fact)}" for fact in facts if fact.value is not None)
    yield f"Read from the tenant: {read or 'nothing'}."
    for fact in facts:
        if fact.value is None:
            yield f"  Unknown: {fact.key}, because {fact.origin}."
    yield "  A tenant.toml replaces these requests: python -m client.describe"


def _value(fact: Fact) -> str:
    if isinstance(fact.value, bool):
        return str(fact.value).lower()
    return ", ".join(fact.value)


def left_behind(leftovers: CleanupResult, run_id: str, report_dir: Path) -> Iterator[str]:
    """The customers that could not be deleted, and the command that deletes them later."""
    if not leftovers.left:
        return
    names = [f"{customer.tenant}/{customer.id}" for customer in leftovers.left]
    more = [f"and {len(names) - MAX_NAMED} more"] if len(names) > MAX_NAMED else []
    yield f"Could not be deleted: {', '.join(names[:MAX_NAMED] + more)}."
    yield f"Delete them later: {sweep_command(run_id, report_dir)}"


def sweep_command(run_id: str, report_dir: Path) -> str:
    """The command that deletes the customers that this run left behind."""
    folder = f" --report-dir {report_dir}" if report_dir != Path("reports") else ""
    return f"python -m client.sweep --run {run_id}{folder}"


def _effects(settings: Settings) -> str:
    """What no deletion of a customer undoes."""
    safety = settings.tenant_config.safety
    companies = "It sends no companyRegistrationId, which could create a company."
    if safety.company is not None:
        companies = f"Its customers may belong to company {safety.company!r}."
    elif safety.allow_companies:
        companies = "Its customers name companies; if the tenant creates them, they stay."
    mail = "It requests no e-mail, but the tenant may send welcome mails to these addresses."
    if safety.allow_notifications:
        mail = "It may cause e-mail to these addresses."
    return f"  The tenant fires webhooks for these customers and keeps audit logs of them. {mail} {companies}"


def _target(settings: Settings) -> str:
    client = f"client {settings.client_id}" if settings.client_id else "the bearer of EMPORIX_ACCESS_TOKEN"
    target = f"tenant {settings.tenant} at {settings.api_url} as {client}"
    if settings.restricted_client_id:
        target += f" and as restricted client {settings.restricted_client_id}"
    if settings.other_tenant:
        target += f", and tenant {settings.other_tenant} as client {settings.other_client_id}"
    return target
