"""`python -m client.describe`: writes a commented tenant.toml from what the tenant itself says and shows.

Exit codes: 0 the file is written, 1 it is written and a customer could not be deleted, 4 the configuration or an
option is invalid, or the file exists, 6 the tenant cannot be reached.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

import tomlkit

from client.client import Client
from client.command_line import DONE, LEFT, exit_code, say
from client.config.settings import Settings, load_settings
from client.errors import ConfigurationError
from client.lifecycle.cleanup import clean_up
from client.lifecycle.facts import Fact, read_facts
from client.lifecycle.measurement import CUSTOMERS, measure_windows
from client.lifecycle.preflight import preflight
from client.lifecycle.run import Run, new_run_id

_PLACEHOLDERS: Final = {"restrictions": "[]", "sites": '["main"]'}


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Describe the tenant of the environment and print what was done; returns the exit code."""
    return exit_code(lambda: _describe(_parse_options(arguments), environ))


def _describe(options: Namespace, environ: Mapping[str, str]) -> int:
    if options.output.exists():
        raise ConfigurationError(
            f"{options.output} exists and is not overwritten; move the file away, or name another with --output."
        )
    settings = load_settings(None, environ)
    run = Run(new_run_id(), options.report_dir)
    say(f"Reading the configuration of tenant {settings.tenant} at {settings.api_url}.")
    with closing(Client(settings, run)) as client:
        preflight(client)
        facts, result = read_facts(client), None
        if not options.read_only:
            say(f"Creating {CUSTOMERS} customers named {run.prefix}…, which are deleted at the end.")
            try:
                facts += measure_windows(client)
            finally:
                result = clean_up(client)
    _write(options.output, description(settings, facts))
    read = sum(fact.value is not None for fact in facts)
    say(f"{options.output}: {read} of {len(facts)} keys have a value; the comments say what is open.")
    if result is None or not result.left:
        return DONE
    names = ", ".join(customer.id for customer in result.left)
    say(
        f"Could not be deleted: {names}. Delete them later: python -m client.sweep --run {run.id}", error=True
    )
    return LEFT


def description(settings: Settings, facts: Iterable[Fact]) -> str:
    """The text of a tenant.toml with these facts, each with its origin as a comment."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = [
        f"# Tenant {settings.tenant} at {settings.api_url}, described by python -m client.describe on {now}.",
        "# docs/configuration.md describes all keys. The file is never overwritten: correct it by hand.",
    ]
    for table, members in groupby(facts, key=lambda fact: fact.table):
        lines += ["", f"[{table}]", *map(_line, members)]
    return "\n".join(lines) + "\n"


def _line(fact: Fact) -> str:
    origin = "".join(character for character in fact.origin if character.isprintable())
    if fact.value is None:
        return f"# {fact.key} = {_PLACEHOLDERS.get(fact.key, '…')}  # unknown: {origin}"
    return f"{fact.key} = {tomlkit.item(fact.value).as_string()}  # {origin}"


def _write(path: Path, text: str) -> None:
    """Create the file; ConfigurationError where that is impossible, or where it exists by now."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigurationError(
            f"{path} cannot be written ({reason}); name another file with --output."
        ) from None


def _parse_options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="python -m client.describe", description="Write a tenant.toml from the tenant itself."
    )
    add = parser.add_argument
    add("--output", type=Path, default=Path("tenant.toml"), metavar="FILE", help="the file to create")
    add("--report-dir", type=Path, default=Path("reports"), help="the folder of the ledger")
    add("--read-only", action="store_true", help="create no customers, so that no window is measured")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
