"""An imitation of a tenant: the configuration, variations and defects that give the readings of a conformance.json.

Of several variations that produce a reading, the first is used; a variation whose readings the tenant has in some
operations only is limited to them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mock_tenant.configuration import Configuration, ConfigurationError, configuration_of
from mock_tenant.readings import NOT_IMITABLE, default_readings
from mock_tenant.registry import DEFECTS, VARIATIONS, Defect, Variation

SUPPORTED_VERSION: Final = "2."
SEEDED: Final = "mock"
"""The table of a report that names the seeded defects and the variations of an embedded tenant."""
Readings = Mapping[str, tuple[str, ...]]
"""What a run observed, by clause."""


@dataclass(frozen=True, slots=True)
class Imitation:
    """The imitated tenant's configuration, the names of variations and defects, and a sentence for each gap."""

    configuration: Configuration
    variations: tuple[str, ...]
    defects: tuple[str, ...]
    gaps: tuple[str, ...]

    def description(self) -> dict[str, object]:
        """The names and the gaps, for the ready line."""
        return {"variations": self.variations, "defects": self.defects, "not_imitated": self.gaps}


def imitate(path: Path, *, with_defects: bool = False) -> Imitation:
    """The imitation of the tenant in this conformance.json, with the clauses that fail there if requested.

    ConfigurationError, with one sentence, if the file is unreadable or no report.
    """
    report = _read(path)
    try:
        observed = observed_readings(report["clauses"])
        failed = [each["id"] for each in report["clauses"] if each["verdict"] in ("fail", "known")]
        tables = {name: table for name, table in report["target"]["config"].items() if name != SEEDED}
        configuration = configuration_of(tables, path)
        delays = delays_of(report["delays"], configuration)
    except (AttributeError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path} is not a complete conformance.json; run the suite again."
        ) from error
    variations, unproduced = variations_for(observed)
    defects, unseeded = defects_for(failed) if with_defects else ((), ())
    return Imitation(
        configuration=configuration.replace(delays=delays),
        variations=(*variations, *(delaying_variation(window) for window in delays)),
        defects=defects,
        gaps=(*unproduced, *unseeded),
    )


def observed_readings(clauses: Iterable[Mapping[str, Any]]) -> Readings:
    """The readings of the observed clauses of a report."""
    return {
        each["id"]: tuple(each["reading"].split("; ")) for each in clauses if each["verdict"] == "observed"
    }


def variations_for(observed: Readings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The variations that produce these readings, and a sentence for each reading that none produces."""
    names: list[str] = []
    missing = {
        (clause, reading)
        for clause, readings in observed.items()
        for reading in readings
        if reading not in default_readings(clause)
    }
    for variation in VARIATIONS.values():
        operations = [
            operation
            for operation, produced in _by_operation(variation, observed).items()
            if all(reading in observed[clause] for clause, reading in produced)
            and not missing.isdisjoint(produced)
        ]
        if operations:
            complete = len(operations) == len(_by_operation(variation, observed))
            names.append(variation.name if complete else f"{variation.name}:{','.join(operations)}")
            missing -= {
                pair for operation in operations for pair in _by_operation(variation, observed)[operation]
            }
    return tuple(names), tuple(_gap(clause, reading) for clause, reading in sorted(missing))


def _by_operation(variation: Variation, observed: Readings) -> dict[str, list[tuple[str, str]]]:
    """The readings that a variation produces, by operation, for the clauses that were observed."""
    produced: dict[str, list[tuple[str, str]]] = {}
    for clause in observed:
        if (reading := variation.reading(clause)) is not None:
            produced.setdefault(clause.partition(".")[0], []).append((clause, reading))
    return produced


def _gap(clause: str, reading: str) -> str:
    reason = NOT_IMITABLE.get((clause, reading), "no variation produces it together with the other readings")
    return f"{clause}: {reading} ({reason})"


def delays_of(delays: Mapping[str, Any], configuration: Configuration) -> dict[str, float]:
    """The median delay in seconds of the changes that were visible late, by consistency window.

    A deletion is also late in lists; where get must show it at once, the delays of lists are enough.
    """
    medians = {window: _median_of_late(each["seen"]) for window, each in delays.items()}
    return {window: median for window, median in medians.items() if median and getattr(configuration, window)}


def _median_of_late(seen: Iterable[tuple[float, int]]) -> float:
    late = [delay for delay, number in sorted(seen) if delay > 0 for _ in range(number)]
    return late[len(late) // 2] if late else 0.0


def delaying_variation(window: str) -> str:
    """The variation that shows changes late within this consistency window."""
    return next(variation.name for variation in VARIATIONS.values() if variation.delays == window)


def defects_for(failed: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """One seeded defect for each failed clause, and a sentence for each clause for which there is none."""
    names: list[str] = []
    gaps: list[str] = []
    for clause in failed:
        defects = sorted(_defects_of(clause), key=_rank)
        if not defects:
            gaps.append(f"{clause}: fails (no seeded defect violates it)")
        elif defects[0].name not in names:
            names.append(defects[0].name)
    return tuple(names), tuple(gaps)


def _defects_of(clause: str) -> Iterator[Defect]:
    return (defect for defect in DEFECTS.values() if defect.clause == clause)


def _rank(defect: Defect) -> tuple[bool, int, int, int]:
    """Defects that are observable at once, without further conditions, come first."""
    return (
        defect.probabilistic,
        len(defect.tenant_config),
        len(defect.requires_variations),
        len(defect.also_violates),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror}); name a readable file."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is not JSON; name the conformance.json of a run.") from error
    version = report.get("schema_version") if isinstance(report, dict) else None
    if not isinstance(version, str) or not version.startswith(SUPPORTED_VERSION):
        raise ConfigurationError(
            f"{path} is not a report of schema version {SUPPORTED_VERSION}x; name the conformance.json of a run."
        )
    return dict(report)
