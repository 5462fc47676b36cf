"""A run of the suite on a mock tenant as if it were a live one, and the imitation of the tenant of its report."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from meta_tests.support import mock_server
from meta_tests.support.project_runs import SuiteResult, environment, run_suite
from reporting import read
from reporting.compare import changes


def run_on_mock(
    folder: Path, mock_options: Iterable[str], arguments: Sequence[str] = (), **options: Any
) -> SuiteResult:
    """Run the suite on a mock tenant, which it reaches like a live one; `options` are those of `run_suite`."""
    folder.mkdir(parents=True)
    with mock_server.running(*mock_options) as ready:
        configuration = folder / "tenant.toml"
        configuration.write_text(tomlkit.dumps(ready["tenant_config"]), encoding="utf-8")
        (folder / "ready.json").write_text(json.dumps(ready), encoding="utf-8")
        return run_suite(
            folder / "reports",
            f"--tenant-config={configuration}",
            *arguments,
            environ=environment(**ready["environ"]),
            **options,
        )


def options_for(variations: Iterable[str], defects: Iterable[str] = ()) -> list[str]:
    """The options of a mock tenant with these variations and defects."""
    return [
        *(f"--variation={name}" for name in variations),
        *(f"--defect={name}" for name in defects),
    ]


def changed_readings(one: Path, other: Path) -> list[str]:
    """What reporting.compare prints about readings that differ between two reports, or are in one of them alone."""
    return [
        f"{change.kind}: {change.clause}: {change.detail}"
        for change in changes(read(one), read(other))
        if change.level == "unspecified"
    ]
