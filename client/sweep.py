"""`python -m client.sweep`: deletes what earlier runs left behind, found by their ledgers and their prefix.

Exit codes: 0 nothing is left, 1 something could not be deleted, 4 the configuration or an option is invalid,
6 the tenant cannot be reached.
"""

import os
import re
import sys
import tempfile
import time
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from client.client import Client
from client.command_line import DONE, LEFT, exit_code, say
from client.config.settings import Settings, load_settings
from client.errors import ConfigurationError, TenantError
from client.lifecycle.cleanup import clean_up, find_customers
from client.lifecycle.discovery import OrphanedRun, find_orphaned_runs
from client.lifecycle.ledger import CustomerKey, Ledger
from client.lifecycle.preflight import preflight
from client.lifecycle.progress import progress_printer
from client.lifecycle.run import Run

_RUN_ID: Final = re.compile(r"[a-z0-9]{1,16}")
_READ_ONLY_RUN: Final = "sweep"  # the run id of the search for orphaned runs, which creates nothing


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Sweep and print what was done; returns the exit code."""
    return exit_code(lambda: _sweep(_parse_options(arguments), environ))


def _sweep(options: Namespace, environ: Mapping[str, str]) -> int:
    settings = load_settings(options.tenant_config, environ)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        runs = _select_runs(options, scratch)
        own = [run for run in runs if _matches(Ledger(run.ledger), settings)]
        if foreign := len(runs) - len(own):
            say(f"{_count(foreign, 'ledger')} of another tenant left alone.")
        orphans = {} if options.run is not None else _find_orphans(settings, options, scratch)
        left = sum(_sweep_run(options, settings, run) for run in own)
        left += sum(_sweep_orphan(options, settings, run, orphan) for run, orphan in orphans.items())
    if not own and not orphans:
        say(f"No ledger of {settings.tenant} in {options.ledgers}; nothing to sweep.")
    return LEFT if left else DONE


def _select_runs(options: Namespace, scratch: Path) -> list[Run]:
    """The runs that the options select; in a dry run, no ledger is written here for a run without one."""
    if options.run is not None:
        run = Run(options.run, options.report_dir)
        return [Run(run.id, scratch) if options.dry_run and not run.ledger.exists() else run]
    newest = float("inf") if options.older_than is None else time.time() - options.older_than * 3600
    paths = sorted(path for path in options.ledgers.glob("*.jsonl") if _RUN_ID.fullmatch(path.stem))
    return [Run(path.stem, options.report_dir) for path in paths if path.stat().st_mtime <= newest]


def _matches(ledger: Ledger, settings: Settings) -> bool:
    """Whether the ledger belongs to a run against this tenant; true if it has no header."""
    target = {"api_url": settings.api_url, "tenant": settings.tenant}
    return all(ledger.header.get(key, value) == value for key, value in target.items())


def _find_orphans(settings: Settings, options: Namespace, scratch: Path) -> dict[str, OrphanedRun]:
    """The runs that have customers in the tenant and no ledger in the report folder."""
    with closing(Client(settings, Run(_READ_ONLY_RUN, scratch))) as client:
        preflight(client)
        found = find_orphaned_runs(client)
    known = {path.stem for path in options.ledgers.glob("*.jsonl")}
    return {run: orphan for run, orphan in found.items() if run not in known}


def _sweep_orphan(options: Namespace, settings: Settings, run: str, orphan: OrphanedRun) -> int:
    """Sweep a run without a ledger if it is old enough; returns how many customers could not be deleted."""
    age = datetime.now(UTC) - orphan.newest
    if options.older_than is None or age < timedelta(hours=options.older_than):
        say(
            f"Run {run} has {_count(len(orphan.customers), 'customer')} in the tenant and no ledger here; "
            f"if it is over, delete them with --run {run}, or with --older-than HOURS."
        )
        return 0
    if options.dry_run:
        return _print_dry_run(run, orphan.customers)
    return _sweep_run(options, settings, Run(run, options.report_dir))


def _sweep_run(options: Namespace, settings: Settings, run: Run) -> int:
    """Sweep a run by its ledger and its prefix; returns how many customers could not be deleted."""
    try:
        client = Client(settings, run)
    except TenantError as error:  # the ledger is locked or cannot be written
        say(str(error), error=True)
        return 0
    with closing(client):
        if not _matches(client.ledger, settings):  # its header was written after the ledgers were selected
            return 0
        if options.run is not None:
            preflight(client)
        if options.dry_run:
            return _print_dry_run(run.id, find_customers(client))
        result = clean_up(client, progress_printer(sys.stderr), by_prefix=True)
    say(f"Run {run.id}: deleted {_count(result.swept, 'customer')}, {len(result.left)} left.")
    _print_customers(result.left)
    for create in result.unaccounted:
        say(
            f"  {create.tenant}: a create of {create.sent_at} may have left a customer without a text of the run"
        )
    return len(result.left)


def _print_dry_run(run: str, customers: Iterable[CustomerKey]) -> int:
    customers = sorted(customers)
    say(f"Run {run}: would delete {_count(len(customers), 'customer')}.")
    _print_customers(customers)
    return 0


def _print_customers(customers: Iterable[CustomerKey]) -> None:
    for customer in customers:
        say(f"  {customer.tenant}/{customer.id}")


def _parse_options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="python -m client.sweep", description="Delete what earlier runs left behind."
    )
    parser.add_argument(
        "--report-dir", type=Path, default=Path("reports"), help="the report folder of the runs"
    )
    parser.add_argument("--tenant-config", type=Path, help="tenant.toml of the tenant")
    parser.add_argument("--contract-config", help=SUPPRESS)
    parser.add_argument("--run", type=_run_id, metavar="ID", help="only this run, also without a ledger")
    parser.add_argument(
        "--older-than",
        type=_hours,
        metavar="HOURS",
        help="only runs that ended so many hours ago, with or without a ledger",
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be deleted, delete nothing")
    options = parser.parse_args(arguments)
    if options.contract_config is not None:
        raise ConfigurationError("--contract-config is called --tenant-config now; rename the option.")
    options.ledgers = options.report_dir / "ledger"
    return options


def _run_id(text: str) -> str:
    if not _RUN_ID.fullmatch(text):
        raise ArgumentTypeError(f"{text!r} is no run id; write its letters and digits, such as k3f9a")
    return text


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no number of hours; write one such as 24")
    return hours


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


if __name__ == "__main__":
    sys.exit(main())
