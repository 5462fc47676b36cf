"""`python -m spec.drift FILE-OR-URL`: what changed in the published OpenAPI document since the contract was written.

Exit codes: 0 nothing but what corrections explain, 1 differences, 4 the document cannot be read or compared.
"""

import argparse
import sys
from collections.abc import Sequence

from spec.command_line import run
from spec.drift.differences import differences, read_contract
from spec.drift.report import as_json, as_markdown, as_text, drift
from spec.drift.source import REMEDY, read
from spec.errors import SpecificationError
from spec.facts import facts

SAME, DIFFERENT = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare a document with the contract and print the differences; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m spec.drift",
        description="Print what a published OpenAPI document states differently from the contract of this suite.",
    )
    parser.add_argument("source", metavar="FILE-OR-URL", help="an OpenAPI document, 3.0 or 3.1, YAML or JSON")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", dest="form", action="store_const", const=as_markdown, help="as tables")
    form.add_argument("--json", dest="form", action="store_const", const=as_json, help="for programs")
    return run(parser, _compare, arguments)


def _compare(options: argparse.Namespace) -> int:
    contract = read_contract()
    published = facts(read(options.source), place=options.source)
    operations = {place.operation for place in published if place.operation}
    if not contract.operations & operations:
        raise SpecificationError(f"{options.source}: has no operation of the contract; {REMEDY}")
    found = drift(options.source, differences(contract, published), operations - contract.operations)
    sys.stdout.write((options.form or as_text)(found))
    return DIFFERENT if found.differences else SAME


if __name__ == "__main__":
    sys.exit(main())
