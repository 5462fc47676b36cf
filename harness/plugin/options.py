"""The options of a run, and the command that runs a test again."""

import shlex
from argparse import SUPPRESS
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from harness.plugin.execution import profiles
from harness.plugin.execution.shards import Shard
from reporting.verdicts.gate import MIN_ASSESSED, percentage

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "clause": {"action": "append", "default": [], "help": "test only this clause; may be repeated"},
    "tenant-config": {"type": Path, "help": "tenant.toml: what cannot be observed from outside"},
    "contract-config": {"type": Path, "help": SUPPRESS},
    "deviations": {"type": Path, "help": "the accepted failures (default: deviations.toml, if it exists)"},
    "accept-deviations": {
        "action": "store_true",
        "help": "add the failures of this run to the deviations, each with a reason to be filled in",
    },
    "min-assessed": {"type": percentage, "default": 0, "metavar": "PERCENT", "help": MIN_ASSESSED},
    "report-dir": {
        "type": Path,
        "default": Path("reports"),
        "help": "folder of the reports (default: reports)",
    },
    "shard": {"help": "run one part of the tests, such as 2/5; other machines run the others"},
    "example-database": {
        "help": "redis://…: share failing examples between machines (nightly profile)",
    },
    "mock-defect": {"action": "append", "default": [], "help": "seed this defect in the mock tenant"},
    "mock-variation": {
        "action": "append",
        "default": [],
        "help": "use this conforming variation of the mock tenant",
    },
}
"""The options of a contract run beside those of pytest (--strict) and Hypothesis (profile, seed)."""


def set_report_paths(config: pytest.Config, folder: Path) -> None:
    """Write junit.xml and allure-results, emptied first, into `folder`, unless the command line names other places."""
    if config.option.xmlpath is None:
        config.option.xmlpath = str(folder / "junit.xml")
    if config.pluginmanager.hasplugin("allure_pytest") and not config.option.allure_report_dir:
        config.option.allure_report_dir = str(folder / "allure-results")
        config.option.clean_alluredir = True


def take_over_workers(config: pytest.Config) -> None:
    """Keep the number of -n for `Options.workers`, and have pytest-xdist, whose option it is, start none."""
    option = config.option
    requested = getattr(option, "numprocesses", None)
    if isinstance(requested, int) and requested < 0:
        raise pytest.UsageError(f"-n {requested} is no number of workers; use 0 for none, or leave -n out.")
    option.workers = 0 if option.usepdb else requested if isinstance(requested, int) else None
    option.numprocesses = 0


class Options:
    """The options of a run, with its seed."""

    def __init__(self, config: pytest.Config) -> None:
        if config.getoption("--contract-config") is not None:
            raise pytest.UsageError("--contract-config is called --tenant-config now; rename the option.")
        self.configuration: Path | None = config.getoption("--tenant-config")
        self.report_dir: Path = config.getoption("--report-dir")
        self.clauses: Sequence[str] = config.getoption("--clause")
        self.deviations: Path | None = config.getoption("--deviations")
        self.accepts_deviations: bool = config.getoption("--accept-deviations")
        self.only_collects: bool = config.option.collectonly
        self.strict: bool = bool(config.getini("strict"))  # set by --strict, an option of pytest
        self.workers: int | None = getattr(config.option, "workers", None)
        """The number of workers that -n names; None where the run chooses."""
        self.seed = _seed(config)
        self.round = 1
        self.shard = Shard.parse(text) if (text := config.getoption("--shard")) else None
        self.min_assessed: float = config.getoption("--min-assessed")
        if self.min_assessed and self.shard:
            raise pytest.UsageError(
                "--min-assessed is for a whole run, not for one shard; give it to python -m reporting.merge."
            )
        self._mock: dict[str, list[str]] = {
            "defect": config.getoption("--mock-defect"),
            "variation": config.getoption("--mock-variation"),
        }

    @property
    def mock_arguments(self) -> tuple[str, ...]:
        """The arguments for the command line of the mock tenant."""
        return tuple(
            word for kind, names in self._mock.items() for name in names for word in (f"--{kind}", name)
        )

    @property
    def mock_changes(self) -> dict[str, dict[str, list[str]]]:
        """The seeded defects and the variations of the mock tenant, for the report; empty if there are none."""
        changes = {f"{kind}s": list(names) for kind, names in self._mock.items() if names}
        return {"mock": changes} if changes else {}

    @property
    def seed_of_round(self) -> int:
        """The seed of the current round: each round of a nightly run has its own."""
        return self.seed + self.round - 1

    def replay(self, test: str) -> str:
        """The command that runs this test again with the same tenant and the same seed."""
        words = ["pytest", test]
        if profiles.profile() != profiles.GATE:
            words.append(f"--hypothesis-profile={profiles.profile()}")
        words.append(f"--hypothesis-seed={self.seed_of_round}")
        if self.configuration is not None:
            words.append(f"--tenant-config={self.configuration}")
        words += [f"--mock-{kind}={name}" for kind, names in self._mock.items() for name in names]
        return shlex.join(words)


def _seed(config: pytest.Config) -> int:
    text = config.option.hypothesis_seed
    try:
        return int(text) if text is not None else int(config.option.nightly_seed)
    except ValueError:
        raise pytest.UsageError(f"--hypothesis-seed={text} is no whole number; use one such as 7.") from None
