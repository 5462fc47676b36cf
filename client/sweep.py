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
from client.errors import ConfigurationError, LedgerLocked
from client.lifecycle.cleanup import clean_up_by_prefix, find_customers
from client.lifecycle.discovery import OrphanedRun, find_orphaned_runs
from client.lifecycle.ledger import CustomerKey, Ledger
from client.lifecycle.preflight import preflight
from client.lifecycle.progress import progress_printer
from client.lifecycle.run import Run

_RUN_ID: Final = re.compile(r"[a-z0-9]{5}")
_READ_ONLY_RUN: Final = "sweep"  # the run id of the search for orphaned runs, which creates nothing


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Sweep and print what was done; returns the exit code."""
    return exit_code(lambda: _sweep(_parse_options(arguments), environ))


def _sweep(options: Namespace, environ: Mapping[str, str]) -> int:
    settings = load_settings(options.tenant_config, environ)
    recorded = _recorded_runs(options) if options.run is None else [Run(options.run, options.report_dir)]
    own = [run for run in recorded if _is_of(settings, Ledger(run.ledger))]
    if foreign := len(recorded) - len(own):
        say(f"{_count(foreign, 'ledger')} of another tenant left alone.")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with closing(Client(settings, Run(_READ_ONLY_RUN, scratch))) as client:
            preflight(client)
            found = find_orphaned_runs(client) if options.run is None else {}
        orphans = {Run(id, options.report_dir): orphan for id, orphan in found.items()}
        orphans = {run: orphan for run, orphan in orphans.items() if not run.ledger.exists()}
        over = [run for run, orphan in orphans.items() if _is_over(options, run, orphan)]
        left = sum(_sweep_run(options, settings, run, scratch) for run in (*own, *over))
    if not own and not orphans:
        say(f"No ledger of {settings.tenant} in {options.ledgers}; nothing to sweep.")
    return LEFT if left else DONE


def _recorded_runs(options: Namespace) -> list[Run]:
    """The runs with a ledger in the report folder that is as old as the options demand."""
    newest = float("inf") if options.older_than is None else time.time() - options.older_than * 3600
    paths = sorted(path for path in options.ledgers.glob("*.jsonl") if _RUN_ID.fullmatch(path.stem))
    return [Run(path.stem, options.report_dir) for path in paths if path.stat().st_mtime <= newest]


def _is_of(settings: Settings, ledger: Ledger) -> bool:
    """Whether the ledger belongs to a run against this tenant; true if it has no header."""
    target = {"api_url": settings.api_url, "tenant": settings.tenant}
    return all(ledger.header.get(key, value) == value for key, value in target.items())


def _is_over(options: Namespace, run: Run, orphan: OrphanedRun) -> bool:
    """Whether a run without a ledger is as old as the options demand; if not, print how to sweep it."""
    age = datetime.now(UTC) - orphan.newest
    if options.older_than is not None and age >= timedelta(hours=options.older_than):
        return True
    say(
        f"Run {run.id} has {_count(orphan.customers, 'customer')} in the tenant and no ledger here; "
        f"if it is over, delete them with --run {run.id}, or with --older-than HOURS."
    )
    return False


def _sweep_run(options: Namespace, settings: Settings, run: Run, scratch: Path) -> int:
    """Sweep a run by its ledger and its prefix; returns how many customers could not be deleted.

    In a dry run, the ledger of a run that has none is written to the scratch folder.
    """
    if options.dry_run and not run.ledger.exists():
        run = Run(run.id, scratch)
    try:
        client = Client(settings, run)
    except LedgerLocked as error:  # the run is still in progress
        say(str(error), error=True)
        return 0
    with closing(client):
        return _print_found(client) if options.dry_run else _delete_found(client)


def _print_found(client: Client) -> int:
    customers = find_customers(client)
    say(f"Run {client.run.id}: would delete {_count(len(customers), 'customer')}.")
    _print_customers(sorted(customers))
    return 0


def _delete_found(client: Client) -> int:
    result = clean_up_by_prefix(client, progress_printer(sys.stderr))
    say(f"Run {client.run.id}: deleted {_count(result.swept, 'customer')}, {len(result.left)} left.")
    _print_customers(result.left)
    for create in result.unaccounted:
        say(
            f"  {create.tenant}: a create of {create.sent_at} may have left a customer without a text of the run"
        )
    return len(result.left)


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
