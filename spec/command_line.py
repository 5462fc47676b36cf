"""What the command line tools have in common: how they end when the user has to correct something."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import Final

from spec.errors import UserError

UNUSABLE: Final = 4


def run(parser: ArgumentParser, command: Callable[[Namespace], int], arguments: Sequence[str] | None) -> int:
    """Call the command with the parsed arguments; the exit code.

    It is 4, with one sentence on standard error, for a wrong argument, a UserError and an OSError.
    """
    try:
        return command(parser.parse_args(arguments))
    except SystemExit as ended:
        return UNUSABLE if ended.code else 0
    except (UserError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
