"""The readings that a run must observe of a mock tenant with some variations."""

from collections.abc import Iterable, Sequence

from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers its variations
from mock_tenant.readings import default_readings
from mock_tenant.registry import VARIATIONS
from spec import clauses

UNSPECIFIED = {name: clause.readings for name, clause in clauses().items() if clause.level == "unspecified"}
"""The readings of the catalogue by clause."""


def expected_readings(names: Iterable[str]) -> dict[str, set[str]]:
    """By clause; a variation may be limited to operations, as on the command line."""
    expected = {clause: set(default_readings(clause)) for clause in UNSPECIFIED}
    for clause, readings in expected.items():
        for reading in produced_readings(clause, names):
            readings -= {each for each in readings if are_alternatives(clause, each, reading)}
            readings.add(reading)
    return expected


def produced_readings(clause: str, names: Iterable[str]) -> list[str]:
    """The readings of a clause that these variations produce."""
    found = []
    for text in names:
        name, _, operations = text.partition(":")
        reading = VARIATIONS[name].reading(clause)
        if reading is not None and (not operations or clause.partition(".")[0] in operations.split(",")):
            found.append(reading)
    return found


def are_alternatives(clause: str, one: str, other: str) -> bool:
    """Whether a tenant has at most one of two readings: `colons rejected` does not exclude `commas rejected`."""
    several = len(default_readings(clause)) > 1
    return not several or one.rpartition(" ")[0] == other.rpartition(" ")[0]


def contradict(one: str, other: str) -> bool:
    """Whether two variations produce alternative readings of a clause."""
    pairs: Sequence[tuple[str, str | None, str | None]] = [
        (clause, VARIATIONS[one].reading(clause), VARIATIONS[other].reading(clause)) for clause in UNSPECIFIED
    ]
    return any(a and b and a != b and are_alternatives(clause, a, b) for clause, a, b in pairs)
