"""`python -m tenant.sweep`: deletes what earlier runs left behind, found by their ledgers and their prefix.

Exit codes: 0 nothing is left, 1 something could not be deleted, 4 bad configuration, 6 the tenant cannot be
reached.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from client.client import Client
from client.config.settings import Settings, load_settings
from client.errors import ConfigurationError, TenantError
from client.lifecycle.cleanup import clean_up, outstanding_anywhere
from client.lifecycle.discovery import Trace, runs_found
from client.lifecycle.ledger import Ledger, Named
from client.lifecycle.preflight import preflight
from client.lifecycle.progress import shown
from client.lifecycle.run import Run

CLEAN: Final = 0
LEFT: Final = 1
BAD_CONFIGURATION: Final = 4
NOT_REACHED: Final = 6
_RUN_ID: Final = re.compile(r"[a-z0-9]{1,16}")
_LOOKING: Final = "sweep"  # a run that makes nothing


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, read."""

    report_dir: Path
    tenant_config: Path | None
    run: str | None
    older_than: float | None
    dry_run: bool


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Sweep, and say what was done; the exit code."""
    options = _options(arguments)
    try:
        settings = load_settings(options.tenant_config, environ)
        return _sweep(options, settings)
    except ConfigurationError as error:
        _say(str(error), error=True)
        return BAD_CONFIGURATION
    except TenantError as error:
        _say(str(error), error=True)
        return NOT_REACHED


def _sweep(options: Options, settings: Settings) -> int:
    ledgers = _ledgers(options)
    ours = [ledger for ledger in ledgers if _concerns(ledger, settings)]
    if foreign := len(ledgers) - len(ours):
        _say(f"{_counted(foreign, 'ledger')} of another tenant left alone.")
    with tempfile.TemporaryDirectory() as elsewhere:
        lost = {} if options.run is not None else _lost(settings, options, Path(elsewhere))
        left = 0
        for ledger in ours:
            # A dry run leaves no trace; where there is no ledger, that it looked is none.
            path = (
                ledger.path
                if ledger.path.exists() or not options.dry_run
                else Path(elsewhere) / ledger.path.name
            )
            left += _sweep_ledger(options, settings, ledger if path == ledger.path else Ledger(path))
        for run, trace in lost.items():
            left += _sweep_lost(options, settings, run, trace)
    if not ours and not lost:
        _say(f"No ledger of {settings.tenant} in {options.report_dir / 'ledger'}; nothing to sweep.")
    return LEFT if left else CLEAN


def _lost(settings: Settings, options: Options, elsewhere: Path) -> dict[str, Trace]:
    """The runs of which the tenant shows customers and the report folder has no ledger."""
    client = Client(settings, Run(_LOOKING, elsewhere))
    try:
        preflight(client)
        found = runs_found(client)
    finally:
        client.close()
    known = {path.stem for path in (options.report_dir / "ledger").glob("*.jsonl")}
    return {run: trace for run, trace in found.items() if run not in known}


def _sweep_lost(options: Options, settings: Settings, run: str, trace: Trace) -> int:
    """Sweep a run without a ledger if it is surely over; how many customers are left that should not be."""
    age = None if trace.newest is None else datetime.now(UTC) - trace.newest
    if options.older_than is None or age is None or age < timedelta(hours=options.older_than):
        _say(
            f"Run {run} has {_counted(len(trace.customers), 'customer')} in the tenant and no ledger here; "
            f"if it is over, delete them with --run {run}, or with --older-than HOURS."
        )
        return 0
    if options.dry_run:
        return _would(run, trace.customers)
    return _sweep_ledger(options, settings, Ledger(Run(run, options.report_dir).ledger))


def _sweep_ledger(options: Options, settings: Settings, ledger: Ledger) -> int:
    """Sweep one run by its ledger and its prefix; how many customers are left that should not be."""
    try:
        client = Client(settings, Run(ledger.path.stem, options.report_dir), ledger=ledger)
    except TenantError as error:
        _say(str(error), error=True)
        return 0
    try:
        if options.run is not None:
            preflight(client)
        if options.dry_run:
            return _would(client.run.id, outstanding_anywhere(client))
        leftovers = clean_up(client, shown(sys.stderr), by_prefix=True)
    finally:
        client.close()
    _say(f"Run {client.run.id}: deleted {_counted(leftovers.swept, 'customer')}, {len(leftovers.left)} left.")
    for customer in leftovers.left:
        _say(f"  {customer.tenant}/{customer.id}")
    return len(leftovers.left)


def _would(run: str, customers: Iterable[Named]) -> int:
    names = sorted(f"{customer.tenant}/{customer.id}" for customer in customers)
    _say(f"Run {run}: would delete {_counted(len(names), 'customer')}.")
    for name in names:
        _say(f"  {name}")
    return 0


def _ledgers(options: Options) -> list[Ledger]:
    folder = options.report_dir / "ledger"
    if options.run is not None:
        path = folder / f"{options.run}.jsonl"
        return [Ledger.load(path) if path.exists() else Ledger(path)]
    youngest = None if options.older_than is None else time.time() - options.older_than * 3600
    paths = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    paths = [path for path in paths if _RUN_ID.fullmatch(path.stem)]
    return [Ledger.load(path) for path in paths if youngest is None or path.stat().st_mtime <= youngest]


def _concerns(ledger: Ledger, settings: Settings) -> bool:
    """Whether the ledger's run asked this tenant; one without a header is believed to have."""
    told = {"api_url": settings.api_url, "tenant": settings.tenant}
    return all(ledger.header.get(key, value) == value for key, value in told.items())


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m tenant.sweep", description="Delete what earlier runs left behind."
    )
    parser.add_argument(
        "--report-dir", type=Path, default=Path("reports"), help="where the runs kept their ledgers"
    )
    parser.add_argument("--tenant-config", type=Path, help="tenant.toml of the tenant")
    parser.add_argument("--run", type=_run_id, metavar="ID", help="only this run, also without a ledger")
    parser.add_argument(
        "--older-than",
        type=_hours,
        metavar="HOURS",
        help="only runs over for so long, with a ledger or without",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, delete nothing")
    read = parser.parse_args(arguments)
    return Options(read.report_dir, read.tenant_config, read.run, read.older_than, read.dry_run)


def _run_id(text: str) -> str:
    if not _RUN_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no run id; write its letters and digits, such as k3f9a"
        )
    return text


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of hours; write one such as 24")
    return hours


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _say(sentence: str, *, error: bool = False) -> None:
    (sys.stderr if error else sys.stdout).write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
