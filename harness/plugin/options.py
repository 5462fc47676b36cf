"""What the command line says of a run, and the command that asks a test of it again."""

import shlex
from pathlib import Path

import pytest

from harness.plugin import profiles
from harness.plugin.shards import Shard


class Options:
    """The options of a run, its seed among them."""

    def __init__(self, config: pytest.Config) -> None:
        if config.getoption("--contract-config") is not None:
            raise pytest.UsageError("--contract-config is called --tenant-config now; rename the option.")
        self.configuration: Path | None = config.getoption("--tenant-config")
        self.report_dir: Path = config.getoption("--report-dir")
        self.deviations: Path | None = config.getoption("--deviations")
        self.accepts_deviations: bool = config.getoption("--accept-deviations")
        self.only_collects: bool = config.option.collectonly
        self.strict: bool = bool(config.getini("strict"))  # set by --strict, which pytest owns
        self.seed: int = profiles.seed_of(config)
        self.round = 1
        self.shard = Shard.read(told) if (told := config.getoption("--shard")) else None
        self._defects: list[str] = config.getoption("--mock-defect")
        self._variations: list[str] = config.getoption("--mock-variation")

    @property
    def mock_arguments(self) -> tuple[str, ...]:
        """What the embedded tenant is told to plant and to vary."""
        planted = [("--defect", name) for name in self._defects]
        varied = [("--variation", name) for name in self._variations]
        return tuple(word for pair in planted + varied for word in pair)

    @property
    def planted(self) -> dict[str, dict[str, list[str]]]:
        """What makes the embedded tenant another than usual, for the report; empty where nothing does."""
        told = {"defects": self._defects, "variations": self._variations}
        return (
            {"mock": {name: list(names) for name, names in told.items() if names}}
            if any(told.values())
            else {}
        )

    @property
    def seed_of_round(self) -> int:
        """The seed by which questions are drawn now: each round of a nightly run has its own."""
        return self.seed + self.round - 1

    def replay(self, test: str) -> str:
        """The command that asks this test again, of the same tenant and with the same seed."""
        told = [f"--hypothesis-seed={self.seed_of_round}"]
        if profiles.profile() != profiles.GATE:
            told.insert(0, f"--hypothesis-profile={profiles.profile()}")
        if self.configuration is not None:
            told.append(f"--tenant-config={self.configuration}")
        told += [f"--mock-defect={name}" for name in self._defects]
        told += [f"--mock-variation={name}" for name in self._variations]
        return shlex.join(["pytest", test, *told])
