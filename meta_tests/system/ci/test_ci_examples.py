"""The examples for CI systems and the guide around them: every command, option, path and key exists."""

import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from client.config.settings import TenantConfig
from client.sweep import main as sweep
from harness.plugin.execution.profiles import EXPECTED
from meta_tests.support.project_runs import ROOT, run_suite

GUIDE = (ROOT / "docs" / "live-tenant.md").read_text(encoding="utf-8")
WRITTEN = ("summary.md", "junit.xml", "conformance.html", "conformance.json", "ledger", "allure-results")
"""What a run writes into `reports/`."""


def blocks(language: str) -> list[str]:
    """The blocks of the guide in this language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def documented_commands() -> Iterator[list[str]]:
    """Every command of the guide that runs Python, split into words."""
    for line in GUIDE.splitlines():
        found = re.search(
            r"(?:\.venv/bin/)?(?:python3? -m (?:pytest|client\.sweep|pip)|pytest|pip)\b[^'`#&]*", line
        )
        if found is not None and not line.startswith(("In all", "Secrets")):
            yield shlex.split(found[0])


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The help of pytest and of the sweep."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        sweep(["--help"])
    return {
        "pytest": run_suite(tmp_path_factory.mktemp("help") / "r", "--help").output,
        "client.sweep": output.getvalue(),
    }


def test_every_command_has_the_documented_options(options: dict[str, str]) -> None:
    commands = list(documented_commands())
    assert len(commands) > 12
    for command in commands:
        program = next((name for name in options if name in command), "pip")
        for word in (word for word in command if word.startswith("--")):
            name = word.partition("=")[0]
            assert program == "pip" or name in options[program], command
        if "-r" in command:
            assert (ROOT / command[command.index("-r") + 1]).exists()


def test_the_examples_use_inputs_that_exist() -> None:
    github, gitlab = (yaml.safe_load(each) for each in blocks("yaml"))
    job = github["jobs"]["conformance"]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    header, _ = yaml.safe_load_all((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
    assert set(github) == {"name", True, "permissions", "concurrency", "jobs"}, "YAML 1.1 reads on as true"
    assert set(job["env"]) == {"EMPORIX_TENANT", "EMPORIX_CLIENT_ID", "EMPORIX_CLIENT_SECRET"}
    assert set(job["steps"][-1]["with"]) <= set(action["inputs"])
    assert set(gitlab["include"][0]["inputs"]) <= set(header["spec"]["inputs"])


def test_every_input_of_the_action_is_documented() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    documented = dict(re.findall(r"^\| `([a-z-]+)` \| (?:`(.*?)`|.*?) \|", GUIDE, re.MULTILINE))
    for name, entry in action["inputs"].items():
        assert documented[name] == ("" if "${{" in entry["default"] else entry["default"])


def test_the_guide_names_files_that_a_run_writes() -> None:
    named = set(re.findall(r"\breports/([\w.-]+)", GUIDE))
    assert named
    assert named <= set(WRITTEN)


def test_a_run_writes_these_files(tmp_path: Path) -> None:
    run = run_suite(tmp_path / "reports", "tests/reads/test_get.py", "-k", "unknown")
    assert run.code == 0, run.output
    assert {each.name for each in run.folder.iterdir()} >= set(WRITTEN)


def test_every_key_of_tenant_toml_is_explained() -> None:
    (example,) = blocks("toml")
    assert all("#" in line for line in example.splitlines() if "=" in line)
    tables: dict[str, Any] = tomllib.loads(example)
    TenantConfig.model_validate(tables)
    documented = {f"{table}.{key}" for table, keys in tables.items() for key in keys}
    fields = TenantConfig.model_fields.items()
    assert documented == {
        f"{name}.{key}" for name, table in fields for key in type(table.default).model_fields
    }


def test_the_limits_of_the_profiles_are_as_documented() -> None:
    requests, customers = EXPECTED["gate"]
    assert f"at most {requests:,} requests and {customers:,} customers" in GUIDE
    assert f"up to {EXPECTED['smoke'][1]} customers" in GUIDE


def test_the_files_named_in_reliability_exist() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(meta_tests/[\w/]+\.py)`", page))
    assert len(named) >= 4
    assert all((ROOT / path).exists() for path in named)
