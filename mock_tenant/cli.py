"""The command line: `python -m mock_tenant --port N`, a tenant.toml, defects and variations."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant import variations as _variations  # noqa: F401 - likewise
from mock_tenant.configuration import OWN_TENANT_CONFIG, ConfigurationError, read_configuration
from mock_tenant.registry import DEFECTS, VARIATIONS, PlantingError, compose
from mock_tenant.server import PortError, bind, serve

USAGE = 2


class Parser(argparse.ArgumentParser):
    """An argument parser that complains in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with the sentence and exit code 2."""
        self.exit(USAGE, f"mock_tenant: {message}\n")


def main(arguments: Sequence[str]) -> int:
    """Starts a mock tenant, or lists what can be planted in it; returns the exit code."""
    options = parser().parse_args(arguments)
    if options.list:
        sys.stdout.write(listing())
        return 0
    if options.port is None:
        return complain("the option --port is missing; use --port 0 for any free port.")
    try:
        configuration = read_configuration(options.tenant_config)
        behaviour, tenant_config = compose(options.defect, options.variation)
        listener = bind(options.port)
    except (ConfigurationError, PlantingError, PortError) as error:
        return complain(str(error))
    serve(
        behaviour(configuration.but(**tenant_config)), listener, until_stdin_closes=options.until_stdin_closes
    )
    return 0


def parser() -> Parser:
    """The options."""
    options = Parser(prog="python -m mock_tenant", description="An embedded tenant of the customer API.")
    options.add_argument("--port", type=port, help="the loopback port to listen on; 0 for any free one")
    options.add_argument("--tenant-config", type=Path, default=OWN_TENANT_CONFIG, metavar="FILE")
    options.add_argument("--defect", action="append", default=[], metavar="NAME", help="plant a defect")
    options.add_argument("--variation", action="append", default=[], metavar="NAME", help="vary as permitted")
    options.add_argument("--until-stdin-closes", action="store_true", help="end with the parent process")
    options.add_argument("--list", action="store_true", help="list defects, variations and covered clauses")
    return options


def port(text: str) -> int:
    """A port number."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; use a number from 0 to 65535.")
    return int(text)


def complain(sentence: str) -> int:
    """Says what is wrong on stderr; the exit code of wrong usage."""
    sys.stderr.write(f"mock_tenant: {sentence}\n")
    return USAGE


def listing() -> str:
    """Every defect by the clause that it breaks, then every variation."""
    clauses: dict[str, list[str]] = {}
    for planted in DEFECTS.values():
        clauses.setdefault(planted.clause, []).append(f"  {planted.name}: {planted.lie}")
    lines = [f"{len(DEFECTS)} defects that break {len(clauses)} clauses"]
    for clause in sorted(clauses):
        lines += ["", clause, *clauses[clause]]
    lines += ["", f"{len(VARIATIONS)} permitted variations"]
    lines += [f"  {varied.name}: {varied.difference}" for varied in VARIATIONS.values()]
    return "\n".join(lines) + "\n"
