"""The documentation is right: variables, options, keys, defaults, links and code."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from client.config import environment
from client.config.settings import TenantConfig
from client.describe import main as describe
from client.sweep import main as sweep
from meta_tests.support.project_runs import ROOT, run_suite
from spec import clauses

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("reports/*.md")])
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")


def rows(heading: str, page: str = CONFIGURATION) -> dict[str, str]:
    """The tables below a heading: first column, without its backticks, to the second."""
    section = re.split(rf"^## {re.escape(heading)}$", page, flags=re.MULTILINE)[1].split("\n## ")[0]
    cells = (line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `"))
    return {row[0].strip("`"): row[1].strip("` ") for row in cells}


def keys(model: type[BaseModel], below: str = "") -> Iterator[tuple[str, str]]:
    """Every key of tenant.toml with its default as TOML writes it."""
    for name, info in model.model_fields.items():
        default: Any = info.default
        if isinstance(default, BaseModel):
            yield from keys(type(default), f"{name}.")
        else:
            literals = (
                {None: "absent", False: "false", True: "true"} if not isinstance(default, float) else {}
            )
            yield f"{below}{name}", literals.get(default, str(default))


def test_every_variable_is_described() -> None:
    described = rows("Environment")
    assert set(described) == {f"EMPORIX_{field.upper()}" for field in environment.Environment.model_fields}
    assert described["EMPORIX_API_URL"] == environment.DEFAULT_API_URL


def test_every_key_is_described_with_its_default() -> None:
    assert rows("tenant.toml") == dict(keys(TenantConfig))


def test_the_example_of_a_contract_is_one() -> None:
    example = re.search(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)
    assert example is not None
    TenantConfig.model_validate(tomllib.loads(example.group(1)))


def test_every_option_is_described(tmp_path: Path) -> None:
    output = run_suite(tmp_path / "reports", "--help").output
    ours = output.split("the customer contract suite:\n")[1].split("\n\n")[0]
    options = set(re.findall(r"^  (--[a-z-]+)", ours, re.MULTILINE))
    described = {option.partition("=")[0] for option in rows("Options")}
    assert options < described
    assert {option for option in described if option not in output} == set()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {option for option in options if not re.search(rf"`{option}[=`]", readme)} == set()


@pytest.mark.parametrize(("heading", "main"), [("A sweep", sweep), ("Describe", describe)])
def test_every_option_of_a_command_is_described(
    capsys: pytest.CaptureFixture[str], heading: str, main: Callable[[list[str]], int]
) -> None:
    assert main(["--help"]) == 0
    options = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    assert {name.partition(" ")[0] for name in rows(heading) if name.startswith("--")} == options


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_have_targets(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http:", "https:")):
            continue
        path = page.parent / target if target else page
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            assert anchor in _anchors(path), f"{target}#{anchor}"


def test_the_numbers_of_the_readme_are_right() -> None:
    must = sum(clause.level == "must" for clause in clauses().values())
    assert f"1 of {must} MUST clauses fails" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_worked_example_is_the_code() -> None:
    page = (ROOT / "docs" / "add-a-clause.md").read_text(encoding="utf-8")
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    sources = [
        ROOT / "spec/clauses.yaml",
        *ROOT.glob("tests/[!.]*/*.py"),
        *ROOT.glob("mock_tenant/defects/**/*.py"),
    ]
    code = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    blocks = re.findall(r"```(?:python|yaml)\n(.*?)```", page + architecture, re.DOTALL)
    assert len(blocks) == 4
    assert [block for block in blocks if block.strip() not in code] == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    explicit = re.findall(r'id="([^"]+)"', page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings} | {*explicit}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_a_page_names_exist(page: Path) -> None:
    """Paths in backticks that begin with a folder of the project; CHANGELOG.md also has those of earlier versions."""
    if page.name == "CHANGELOG.md":
        return
    folders = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "reports")
    names = re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text(encoding="utf-8"))
    assert [name for name in names if not (ROOT / name).exists()] == []
