"""`python -m tenant.sweep`: deletes what earlier runs left behind, found by their ledgers and their prefix.

Exit codes: 0 nothing is left, 1 something could not be deleted, 4 bad configuration, 6 the tenant cannot be
reached.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenant.cleanup import clean_up, outstanding_anywhere
from tenant.client import Client
from tenant.errors import ConfigurationError, TenantError
from tenant.ledger import Ledger
from tenant.preflight import preflight
from tenant.progress import shown
from tenant.run import Run
from tenant.settings import Settings, load_settings

CLEAN: Final = 0
LEFT: Final = 1
BAD_CONFIGURATION: Final = 4
NOT_REACHED: Final = 6
_RUN_ID: Final = re.compile(r"[a-z0-9]{1,16}")


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, read."""

    report_dir: Path
    contract_config: Path | None
    run: str | None
    older_than: float | None
    dry_run: bool


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Sweep, and say what was done; the exit code."""
    options = _options(arguments)
    try:
        settings = load_settings(options.contract_config, environ)
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
    if not ours:
        _say(f"No ledger of {settings.tenant} in {options.report_dir / 'ledger'}; nothing to sweep.")
        return CLEAN
    left = 0
    checked = False
    for ledger in ours:
        run = Run(ledger.path.stem, options.report_dir)
        try:
            client = Client(settings, run, ledger=ledger)
        except TenantError as error:
            _say(str(error), error=True)
            continue
        try:
            if not checked:
                preflight(client)
                checked = True
            left += _sweep_run(client, dry_run=options.dry_run)
        finally:
            client.close()
    return LEFT if left else CLEAN


def _sweep_run(client: Client, *, dry_run: bool) -> int:
    """Sweep one run; how many customers are left that should not be."""
    if dry_run:
        names = sorted(f"{customer.tenant}/{customer.id}" for customer in outstanding_anywhere(client))
        _say(f"Run {client.run.id}: would delete {_counted(len(names), 'customer')}.")
        for name in names:
            _say(f"  {name}")
        return 0
    leftovers = clean_up(client, shown(sys.stderr), by_prefix=True)
    _say(f"Run {client.run.id}: deleted {_counted(leftovers.swept, 'customer')}, {len(leftovers.left)} left.")
    for customer in leftovers.left:
        _say(f"  {customer.tenant}/{customer.id}")
    return len(leftovers.left)


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
    parser.add_argument("--contract-config", type=Path, help="contract.toml of the tenant")
    parser.add_argument("--run", type=_run_id, metavar="ID", help="only this run, also without a ledger")
    parser.add_argument(
        "--older-than", type=_hours, metavar="HOURS", help="only ledgers untouched for so long"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, delete nothing")
    read = parser.parse_args(arguments)
    return Options(read.report_dir, read.contract_config, read.run, read.older_than, read.dry_run)


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
