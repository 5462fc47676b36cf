"""What a run prints for the owner of a tenant: what it will do, and what it could not delete."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import jinja2

from client import CleanupResult, Settings
from client.lifecycle.facts import Fact
from harness.plugin.evidence.evidence_plugin import SHRINKING_DIVISOR
from harness.plugin.execution import profiles
from harness.plugin.run import Run
from strategies.namespace import DOMAINS

PLAN = Path(__file__).with_name("plan.txt")
"""The template of the plan; each paragraph becomes one line."""
MAX_NAMED = 10
"""How many undeleted customers are named; the ledger has all of them."""


def show(lines: Iterable[str]) -> None:
    """Print whole lines, wherever the cursor of the terminal is."""
    if text := "".join(f"{line}\n" for line in lines):
        sys.stdout.write(f"\n{text}")
        sys.stdout.flush()


def plan(run: Run, settings: Settings) -> Sequence[str]:
    """The target, the client, the limits and the clean-up of a run, to be printed before its first request."""
    paragraphs = PLAN.read_text(encoding="utf-8").split("\n\n")
    template = jinja2.Template("\n  ".join(" ".join(each.split()) for each in paragraphs))
    config, windows = settings.tenant_config, settings.tenant_config.consistency
    requests, customers = profiles.EXPECTED[profiles.profile()]
    requests = min(requests, config.safety.max_requests or requests)
    bounds = {name: getattr(config.safety, name) for name in ("max_customers", "max_requests", "max_seconds")}
    text = template.render(
        run_id=run.id,
        settings=settings,
        profile=profiles.profile(),
        customers=min(customers, config.safety.max_customers or customers),
        requests=requests,
        shrinking=requests // SHRINKING_DIVISOR,
        each=" in each round" if run.repeats_until_budget else "",
        domains=DOMAINS,
        polls=any((windows.read, windows.index, windows.deletion)),
        rate=config.rate_limit.requests_per_second,
        limits=[f"{name} = {bound:,.10g}" for name, bound in bounds.items() if bound is not None],
        safety=config.safety,
        sweep=sweep_command(run),
        reads_facts=run.reads_facts,
    )
    return str(text).splitlines()


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


def left_behind(run: Run, leftovers: CleanupResult) -> Iterator[str]:
    """The customers that could not be deleted, and the command that deletes them later."""
    if not leftovers.left:
        return
    names = [f"{customer.tenant}/{customer.id}" for customer in leftovers.left]
    more = [f"and {len(names) - MAX_NAMED} more"] if len(names) > MAX_NAMED else []
    yield f"Could not be deleted: {', '.join(names[:MAX_NAMED] + more)}."
    yield f"Delete them later: {sweep_command(run)}"


def sweep_command(run: Run) -> str:
    """The command that deletes the customers that this run left behind."""
    words, options = ["python", "-m", "client.sweep", "--run", run.id], run.options
    words += [f"--report-dir={options.report_dir}"] if options.report_dir != Path("reports") else []
    words += [f"--tenant-config={options.configuration}"] if options.configuration and run.is_live else []
    return shlex.join(words)
