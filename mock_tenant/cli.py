"""The command line: `python -m mock_tenant --port N`, with a tenant.toml, defects and variations."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers its variations
from mock_tenant.application import Endpoint
from mock_tenant.behaviour import Behaviour
from mock_tenant.configuration import DEFAULT_TENANT_CONFIG, WINDOWS, ConfigurationError, read_configuration
from mock_tenant.imitation import Imitation, imitate
from mock_tenant.registry import DEFECTS, VARIATIONS, RegistryError, compose
from mock_tenant.request_log import LogError, RequestLog
from mock_tenant.server import PortError, bind, ready_line, serve
from mock_tenant.testing.control import Control
from mock_tenant.testing.initial_customers import read_customers

WRONG_USAGE = 2


class Parser(argparse.ArgumentParser):
    """An argument parser that reports an error in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with the sentence and exit code 2."""
        self.exit(WRONG_USAGE, f"mock_tenant: {message}\n")


class RenamedOption(argparse.Action):
    """An option of an earlier edition: its use is an error that names the new option (`const`)."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Ends the program with exit code 2."""
        parser.error(f"{self.option_strings[0]} is now named {self.const}; use {self.const}.")


def main(arguments: Sequence[str]) -> int:
    """Starts a mock tenant, or lists its defects and variations; returns the exit code."""
    options = parser().parse_args(arguments)
    if options.list:
        sys.stdout.write(listing())
        return 0
    if options.port is None:
        return report_wrong_usage("the option --port is missing; use --port 0 for any free port.")
    try:
        behaviour, imitation = tenant(options)
        customers = read_customers(options.customers) if options.customers else ()
        log = RequestLog(options.request_log) if options.request_log is not None else None
        control = Control(Endpoint(behaviour, log), customers)
        listener = bind(options.port)
    except (ConfigurationError, RegistryError, LogError, PortError) as error:
        return report_wrong_usage(str(error))
    for gap in imitation.gaps if imitation else ():
        sys.stderr.write(f"mock_tenant: not imitated: {gap}\n")
    ready = ready_line(behaviour, listener)
    if imitation:
        ready["imitation"] = imitation.description()
    serve(control, listener, ready, until_stdin_closes=options.until_stdin_closes)
    return 0


def tenant(options: argparse.Namespace) -> tuple[Behaviour, Imitation | None]:
    """The tenant that the options describe, and the imitation on which it is based, if any.

    Consistency windows in --tenant-config or in the report take precedence over those of variations.

    ConfigurationError or RegistryError for options that contradict each other, or files and names that are invalid.
    """
    if options.like is None:
        if options.with_defects:
            raise ConfigurationError("--with-defects needs --like; name the conformance.json of a run.")
        behaviour, tenant_config = compose(options.defect, options.variation)
        configuration = read_configuration(options.tenant_config or DEFAULT_TENANT_CONFIG)
        windows = {name for name in WINDOWS if options.tenant_config and getattr(configuration, name)}
        changes = {name: value for name, value in tenant_config.items() if name not in windows}
        return behaviour(configuration.replace(**changes)), None
    if options.tenant_config is not None:
        raise ConfigurationError(
            "--like and --tenant-config exclude each other; the report has a configuration."
        )
    imitation = imitate(options.like, with_defects=options.with_defects)
    behaviour, tenant_config = compose(
        [*imitation.defects, *options.defect], [*imitation.variations, *options.variation]
    )
    tenant_config = {name: value for name, value in tenant_config.items() if name not in WINDOWS}
    return behaviour(imitation.configuration.replace(**tenant_config)), imitation


def parser() -> Parser:
    """The parser of the options."""
    options = Parser(prog="python -m mock_tenant", description="An embedded tenant of the customer API.")
    options.add_argument("--port", type=port, help="the loopback port to listen on; 0 for any free port")
    options.add_argument(
        "--tenant-config",
        type=Path,
        metavar="FILE",
        help="the tenant.toml that configures the tenant",
    )
    options.add_argument(
        "--contract-config",
        action=RenamedOption,
        nargs="?",
        const="--tenant-config",
        help=argparse.SUPPRESS,
    )
    options.add_argument(
        "--like", type=Path, metavar="REPORT", help="imitate the tenant of this conformance.json"
    )
    options.add_argument(
        "--with-defects", action="store_true", help="with --like: violate the clauses that failed there"
    )
    options.add_argument("--defect", action="append", default=[], metavar="NAME", help="seed a defect")
    options.add_argument(
        "--variation",
        action="append",
        default=[],
        metavar="NAME[:OPERATION,...]",
        help="apply a conforming variation, to some operations alone if they are named",
    )
    options.add_argument("--customers", type=Path, metavar="FILE", help="the initial customers, a JSON array")
    options.add_argument("--request-log", type=Path, metavar="FILE", help="append each request to this file")
    options.add_argument(
        "--until-stdin-closes", action="store_true", help="stop when the standard input closes"
    )
    options.add_argument("--list", action="store_true", help="list defects by clause, and variations")
    return options


def port(text: str) -> int:
    """A port number."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; use a number from 0 to 65535.")
    return int(text)


def report_wrong_usage(sentence: str) -> int:
    """Prints an error on stderr; returns the exit code of wrong usage."""
    sys.stderr.write(f"mock_tenant: {sentence}\n")
    return WRONG_USAGE


def listing() -> str:
    """Every defect under the clause that it violates, then every variation."""
    clauses: dict[str, list[str]] = {}
    for defect in DEFECTS.values():
        clauses.setdefault(defect.clause, []).append(f"  {defect.name}: {defect.description}")
    lines = [f"{len(DEFECTS)} seeded defects that violate {len(clauses)} clauses"]
    for clause in sorted(clauses):
        lines += ["", clause, *clauses[clause]]
    lines += ["", f"{len(VARIATIONS)} conforming variations"]
    lines += [f"  {variation.name}: {variation.description}" for variation in VARIATIONS.values()]
    return "\n".join(lines) + "\n"
