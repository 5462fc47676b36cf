"""The absence of a value, where null is a value of its own."""

from enum import Enum
from typing import Final, Literal


class Absent(Enum):
    """The type of ABSENT, so that type checkers distinguish it from a JSON value."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> Literal[False]:
        return False


ABSENT: Final = Absent.ABSENT
"""No value at all: a property that an object does not have, a body that is not there or that is not JSON."""
