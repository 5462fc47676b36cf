"""What the commands of this package have in common: their exit codes, and how they print."""

import sys
from collections.abc import Callable
from typing import Final

from client.errors import ConfigurationError, TenantError

DONE: Final = 0
LEFT: Final = 1
"""A customer could not be deleted."""
BAD_CONFIGURATION: Final = 4
NOT_REACHED: Final = 6
INTERRUPTED: Final = 130


def exit_code(command: Callable[[], int]) -> int:
    """The exit code of a command; its error is printed as one sentence."""
    try:
        return command()
    except SystemExit as ended:  # argparse has printed the help, or what is wrong with an option
        return BAD_CONFIGURATION if ended.code else DONE
    except TenantError as error:
        say(str(error), error=True)
        return BAD_CONFIGURATION if isinstance(error, ConfigurationError) else NOT_REACHED
    except KeyboardInterrupt:
        say("Interrupted.", error=True)
        return INTERRUPTED


def say(line: str, *, error: bool = False) -> None:
    """Print a line, an error to the standard error."""
    (sys.stderr if error else sys.stdout).write(f"{line}\n")
