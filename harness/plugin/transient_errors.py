"""Fixtures that ask the tenant: made anew when the network fails under them, as examples are."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from client import ServiceUnavailable, TransientError

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")

ATTEMPTS: Final = 4
"""How often something is arranged anew before it counts as out of reach."""


def retry_on_transient_errors(make: Callable[Arguments, Made]) -> Callable[Arguments, Made]:
    """A fixture whose arrangement is repeated after a TransientError, except ServiceUnavailable and the last one."""

    @wraps(make)
    def made(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Made:
        for _ in range(ATTEMPTS - 1):
            try:
                return make(*args, **kwargs)
            except ServiceUnavailable:
                raise
            except TransientError:
                continue
        return make(*args, **kwargs)

    return made
