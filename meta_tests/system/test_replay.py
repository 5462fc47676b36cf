"""Replay of a failure: it still fails, no longer fails, or cannot be replayed; and the generated test."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from harness.recorded import value_at
from meta_tests.support.project_runs import ROOT, SuiteResult, run_suite
from reporting import Report, read, write_json
from reporting.model.exchange import Exchange
from reporting.replay import main

DEFECT = "--mock-defect=patch-restores-deleted-customers"
CLAUSE = "delete.no-revival.patch"


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> SuiteResult:
    """A red run, whose failing sequence has an id that the tenant generated."""
    run = run_suite(
        tmp_path_factory.mktemp("red") / "reports",
        "tests/writes/test_delete.py",
        f"--clause={CLAUSE}",
        DEFECT,
    )
    assert run.code == 1, run.output
    return run


def test_it_still_fails_until_it_is_fixed(red: SuiteResult, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(red.folder / "conformance.json")
    recorded = read(Path(path)).select("fail")[0].failures[0].exchanges
    assert main([path, CLAUSE, "--against", "mock", DEFECT]) == 1
    output = capfd.readouterr().out
    assert output.startswith(f"{CLAUSE} still fails: ")
    addresses = {exchange.request.url.rpartition("/")[2] for exchange in recorded}
    assert not [
        address for address in addresses if address and "customers" not in address and address in output
    ]
    after = read(red.folder / "replay" / "conformance.json")
    assert after.data.created > 0
    assert after.data.left == 0
    assert main([path, CLAUSE]) == 0
    assert capfd.readouterr().out.startswith(f"{CLAUSE} no longer fails")


def test_a_failure_is_written_as_a_test(
    red: SuiteResult, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # Tests that read the tests of the project run at the same time; they do not read hidden folders.
    with TemporaryDirectory(prefix=".replay-", dir=ROOT / "tests") as folder:
        file = Path(folder) / "test_replay.py"
        assert main([str(red.folder / "conformance.json"), CLAUSE, "--pytest", str(file)]) == 0
        assert capfd.readouterr().out == f"Run it: pytest {file}\n"
        run = run_suite(tmp_path / "reports", str(file), DEFECT)
    assert run.code == 1, run.output
    assert [clause.id for clause in read(run.folder / "conformance.json").failing()] == [CLAUSE]


def altered(red: SuiteResult, folder: Path, **changes: Any) -> str:
    """The report of the red run, its failure changed so."""
    report: Report = read(red.folder / "conformance.json")
    clauses = tuple(
        replace(each, failures=tuple(replace(failure, **changes) for failure in each.failures))
        for each in report.clauses
    )
    return str(write_json(replace(report, clauses=clauses), folder))


def test_a_sequence_that_cannot_be_replayed_is_named(
    red: SuiteResult, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = read(red.folder / "conformance.json")
    *steps, last = report.select("fail")[0].failures[0].exchanges
    cut: Exchange = replace(last, request=replace(last.request, body="{... [9000 more characters]"))
    assert main([altered(red, tmp_path, exchanges=(*steps, cut)), CLAUSE, DEFECT]) == 6
    assert "could not be replayed: Not checked: a body of it is longer" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["create.id.max-lenght"], "create.id.max-lenght does not fail in this report"),
        (
            ["create.id.max-length"],
            f"create.id.max-length does not fail in this report; these clauses do: {CLAUSE}",
        ),
        ([CLAUSE, "--way=9"], "has 1 failures; --way=9 is not one of them"),
        ([CLAUSE, "--pytest", "somewhere/test_x.py"], "pytest does not collect this file"),
        ([CLAUSE, "--against", "live"], "EMPORIX_TENANT is not set"),
        ([CLAUSE, "--mock-defect=enormous"], "no defect named enormous"),
        ([CLAUSE, "--enormous"], "--enormous"),
    ],
)
def test_wrong_usage(
    red: SuiteResult,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.delenv("EMPORIX_TENANT", raising=False)
    assert main([str(red.folder / "conformance.json"), *arguments]) == 4
    captured = capfd.readouterr()
    assert says in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_a_value_is_found_by_its_path() -> None:
    document = [{"mixins": {"x_1": {"a": [1, 2]}}}]
    assert value_at(document, "$[0].mixins.x_1.a[1]") == 2
    assert value_at(document, "$[1].mixins") is None
    assert value_at(None, "$.id") is None
