"""The examples for CI systems, and the guide around them: what they name exists, and says what it is said to."""

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
from harness.plugin.profiles import EXPECTED
from meta_tests.support.project_runs import ROOT, ended

GUIDE = (ROOT / "docs" / "live-tenant.md").read_text(encoding="utf-8")
WRITTEN = ("summary.md", "junit.xml", "conformance.html", "conformance.json", "ledger", "allure-results")
"""What a run writes into `reports/`."""


def blocks(language: str) -> list[str]:
    """The blocks of the guide in this language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def told_commands() -> Iterator[list[str]]:
    """Every command of the guide that runs Python, in words."""
    for line in GUIDE.splitlines():
        found = re.search(
            r"(?:\.venv/bin/)?(?:python3? -m (?:pytest|client\.sweep|pip)|pytest|pip)\b[^'`#&]*", line
        )
        if found is not None and not line.startswith(("In all", "Secrets")):
            yield shlex.split(found[0])


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What pytest and the sweep say of their options."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        sweep(["--help"])
    return {
        "pytest": ended(tmp_path_factory.mktemp("help") / "r", "--help").said,
        "client.sweep": said.getvalue(),
    }


def test_every_command_has_the_options_that_it_is_called_with(options: dict[str, str]) -> None:
    commands = list(told_commands())
    assert len(commands) > 12
    for command in commands:
        program = next((name for name in options if name in command), "pip")
        for word in (word for word in command if word.startswith("--")):
            name = word.partition("=")[0]
            assert program == "pip" or name in options[program], command
        if "-r" in command:
            assert (ROOT / command[command.index("-r") + 1]).exists()


def test_the_yaml_is_what_the_systems_read() -> None:
    github, gitlab = (yaml.safe_load(each) for each in blocks("yaml"))
    job = github["jobs"]["conformance"]
    assert set(github) == {"name", True, "permissions", "concurrency", "jobs"}, "YAML 1.1 reads on as true"
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in uses)
    assert all({"uses", "run"} & step.keys() for step in job["steps"])
    assert set(gitlab["conformance"]) <= {
        *("image", "timeout", "resource_group", "script", "after_script", "artifacts", "rules")
    }
    for variables in (job["env"], blocks("groovy")[0]):
        for name in ("EMPORIX_TENANT", "EMPORIX_CLIENT_ID", "EMPORIX_CLIENT_SECRET"):
            assert name in variables
    workflow = yaml.safe_load((ROOT / ".github/workflows/conformance.yml").read_text(encoding="utf-8"))
    known = {step["uses"] for each in workflow["jobs"].values() for step in each["steps"] if "uses" in step}
    assert set(uses) <= known


def test_the_pipeline_of_jenkins_closes_what_it_opens() -> None:
    (pipeline,) = blocks("groovy")
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", pipeline)
    for opening, closing in ("{}", "()"):
        assert bare.count(opening) == bare.count(closing) > 3


def test_paths_of_reports_are_written_by_a_run() -> None:
    named = set(re.findall(r"\breports/([\w.-]+)", GUIDE))
    assert named
    assert named <= set(WRITTEN)


def test_a_run_writes_them(tmp_path: Path) -> None:
    run = ended(tmp_path / "reports", "tests/reads/test_get.py", "-k", "unknown")
    assert run.code == 0, run.said
    assert {each.name for each in run.folder.iterdir()} >= set(WRITTEN)


def test_every_key_of_tenant_toml_is_explained() -> None:
    (example,) = blocks("toml")
    assert all("#" in line for line in example.splitlines() if "=" in line)
    tables: dict[str, Any] = tomllib.loads(example)
    TenantConfig.model_validate(tables)
    told = {f"{table}.{key}" for table, keys in tables.items() for key in keys}
    fields = TenantConfig.model_fields.items()
    assert told == {f"{name}.{key}" for name, table in fields for key in type(table.default).model_fields}


def test_what_it_says_of_the_profiles_is_so() -> None:
    requests, customers = EXPECTED["gate"]
    assert f"at most {requests:,} requests and {customers:,} customers" in GUIDE
    assert f"up to {EXPECTED['smoke'][1]} customers" in GUIDE


def test_what_reliability_names_exists() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(meta_tests/[\w/]+\.py)`", page))
    assert len(named) >= 4
    assert all((ROOT / path).exists() for path in named)
