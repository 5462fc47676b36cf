"""The files around the code: lock, workflows, commands, and the script that checks a fresh clone."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from meta_tests.support.project_runs import ROOT, run_suite
from reporting.version import VERSION

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def requirements() -> list[str]:
    """The names of what the project needs, for users and developers."""
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    return [re.split(r"[<>=~\[; ]", each)[0].lower() for each in wanted]


def test_the_lock_holds_every_requirement_with_hashes() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert all(re.match(r"[a-z0-9._-]+(\[[a-z,-]+\])?==\S+", entry) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    locked = {re.split(r"[\[=]", entry)[0] for entry in entries}
    assert set(requirements()) <= locked
    assert "://" not in LOCK


def test_every_requirement_is_used() -> None:
    sources = [
        path
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
        for path in folder.rglob("*.py")
    ]
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in [*sources, ROOT / "Makefile", ROOT / "conftest.py"]
    )
    modules = {
        "allure-pytest": "allure",
        "axe-playwright-python": "axe_playwright_python",
        "import-linter": "lint-imports",
        "jsonschema-rs": "jsonschema_rs",
        "openapi-spec-validator": "openapi_spec_validator",
        "pytest-xdist": "xdist",
        "pyyaml": "yaml",
        "types-pyyaml": "yaml",
    }
    unused = [name for name in requirements() if not re.search(rf"\b{modules.get(name, name)}\b", code)]
    assert unused == []


def test_the_version_is_stated_once(tmp_path: Path) -> None:
    assert PROJECT["project"]["version"] == VERSION
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == VERSION
    run = run_suite(tmp_path / "reports", "tests/reads/test_get.py", "-k", "unknown", "-v")
    assert f"customer contract suite {VERSION}" in run.lines
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    assert report["suite"]["version"] == VERSION


def test_the_check_of_a_fresh_clone_calls_every_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    targets = re.findall(r"^make (\w+)", text, re.MULTILINE)
    assert targets == ["lint", "test", "conformance"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [target for target in targets if f"\n{target}: $(STAMP)" not in makefile] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_bounded_and_pin_their_actions(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    for line in re.findall(r"uses: (.+)", text):
        assert line == "./" or re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v[\d.]+", line)


def test_ci_runs_a_fixed_version_of_actionlint() -> None:
    """No package that needs no download has it, so only the workflow runs it."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert re.search(r"run: go run github\.com/rhysd/actionlint/cmd/actionlint@v[\d.]+\n", text)


def test_zizmor_accepts_the_workflows_and_the_action() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    checked = subprocess.run(
        [zizmor, "--offline", "--format=plain", str(ROOT)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    assert "No findings to report" in checked.stdout


def test_dependabot_updates_the_actions_and_the_lock() -> None:
    settings = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    assert {each["package-ecosystem"] for each in settings["updates"]} == {"github-actions", "pip"}


def test_ci_covers_every_python_that_the_project_supports() -> None:
    ci = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert ci["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["project"]["requires-python"] == ">=3.11,<3.15"
