"""The tutorial of the mock tenant works as written, with the package mock_tenant alone."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from meta_tests.support.project_runs import ROOT, environment

MOCK = ROOT / "mock_tenant"
TUTORIAL = (ROOT / "docs" / "mock-tenant.md").read_text(encoding="utf-8")
PLUGIN = "mock_tenant.testing.pytest_plugin"
NODE = shutil.which("node")
ISOLATED = """

def test_the_suite_cannot_be_imported():
    import importlib.util
    assert importlib.util.find_spec("harness") is None
"""


def block(language: str) -> str:
    """The first code block of a language in the tutorial, without its indentation in a list."""
    indent, text = re.search(
        rf"^( *)```{language}\n(.*?)^ *```$", TUTORIAL, re.DOTALL | re.MULTILINE
    ).groups()  # type: ignore[union-attr]
    return "\n".join(line.removeprefix(indent) for line in text.splitlines()) + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project of an integrator, with its initial customers, beside a copy of the mock alone."""
    shutil.copytree(
        MOCK, tmp_path / "site" / "mock_tenant", ignore=shutil.ignore_patterns("__pycache__", "build")
    )
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "customers.json").write_text(block("json"), encoding="utf-8")
    return folder


def run(project: Path, *command: str) -> str:
    """The output of a command in the project, which must succeed; only the copy of the mock can be imported."""
    environ = environment(PYTHONPATH=str(project.parent / "site"), PYTHON=sys.executable)
    result = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_tests_in_python_pass_without_the_suite(project: Path) -> None:
    (project / "pytest.ini").write_text(block("ini"), encoding="utf-8")
    (project / "test_customers.py").write_text(block("python") + ISOLATED, encoding="utf-8")
    others = [word for name in ("schemathesis", "allure_pytest", "xdist") for word in ("-p", f"no:{name}")]
    output = run(
        project, sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider", *others
    )
    assert "3 passed" in output


@pytest.mark.skipif(NODE is None, reason="needs Node")
def test_the_tests_in_node_pass(project: Path) -> None:
    package = project / "node_modules" / "emporix-mock-tenant"
    shutil.copytree(MOCK / "testing" / "node", package)
    (project / "customers.test.mjs").write_text(block("js"), encoding="utf-8")
    assert "# pass 2" in run(project, str(NODE), "--test", "--test-reporter=tap", "customers.test.mjs")


def test_a_mock_that_does_not_start_fails_the_test_with_the_remedy(project: Path) -> None:
    (project / "pytest.ini").write_text(
        "[pytest]\nemporix_mock_options = --like missing.json\n", encoding="utf-8"
    )
    (project / "test_customers.py").write_text("def test_one(emporix_mock): ...\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider", "-p", "no:xdist"]
    environ = environment(PYTHONPATH=str(project.parent / "site"))
    result = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert "See emporix_mock_options in the configuration of pytest." in result.stdout
    assert "missing.json cannot be read" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_the_package_is_complete() -> None:
    package = tomllib.loads((MOCK / "pyproject.toml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    node = json.loads((MOCK / "testing" / "node" / "package.json").read_text(encoding="utf-8"))
    folders = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in MOCK.rglob("__init__.py")
    }
    assert set(package["tool"]["setuptools"]["packages"]) == {
        each for each in folders if ".build" not in each
    }
    assert package["project"]["version"] == node["version"] == project["version"]
    assert set(package["project"]["dependencies"]) <= set(project["dependencies"])
    assert package["project"]["requires-python"] == project["requires-python"].partition(",")[0]
    assert package["project"]["entry-points"]["pytest11"] == {PLUGIN: PLUGIN}
