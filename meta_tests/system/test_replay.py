"""A failure asked again: it still fails, it fails no longer, or it cannot be asked; and the test it becomes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support.project_runs import ROOT, Ended, ended
from reporting import Report, read, write_json
from reporting.replay import decisive, main, value_at

DEFECT = "--mock-defect=patch-revives"
CLAUSE = "delete.no-revival.patch"


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A red run, whose failing sequence has an id that the tenant generated."""
    run = ended(
        tmp_path_factory.mktemp("red") / "reports",
        "tests/writes/test_delete.py",
        f"--clause={CLAUSE}",
        DEFECT,
    )
    assert run.code == 1, run.said
    return run


def test_it_still_fails_until_it_is_mended(red: Ended, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(red.folder / "conformance.json")
    recorded = read(Path(path)).select("fail")[0].failures[0].exchanges
    assert main([path, CLAUSE, "--against", "mock", DEFECT]) == 1
    told = capfd.readouterr().out
    assert told.startswith(f"{CLAUSE} still fails: 200")
    addresses = {exchange["request"]["url"].rpartition("/")[2] for exchange in recorded}
    assert not [
        address for address in addresses if address and "customers" not in address and address in told
    ]
    after = read(red.folder / "replay" / "conformance.json")
    assert after.data.created > 0
    assert after.data.left == 0
    assert main([path, CLAUSE]) == 0
    assert capfd.readouterr().out.startswith(f"{CLAUSE} fails no longer")
    assert not list((ROOT / "tests").glob("test_replay_*"))


def test_it_becomes_a_test_that_runs(red: Ended, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = ROOT / "tests" / "test_replay_of_the_meta_tests.py"
    try:
        assert main([str(red.folder / "conformance.json"), CLAUSE, "--pytest", str(file)]) == 0
        assert capfd.readouterr().out == f"Run it: pytest {file}\n"
        run = ended(tmp_path / "reports", str(file), DEFECT)
    finally:
        file.unlink(missing_ok=True)
    assert run.code == 1, run.said
    assert [clause.id for clause in read(run.folder / "conformance.json").failing()] == [CLAUSE]


def altered(red: Ended, folder: Path, **changes: Any) -> str:
    """The report of the red run, its failure changed so."""
    report: Report = read(red.folder / "conformance.json")
    clauses = tuple(
        replace(each, failures=tuple(replace(failure, **changes) for failure in each.failures))
        for each in report.clauses
    )
    return str(write_json(replace(report, clauses=clauses), folder))


def test_what_cannot_be_asked_says_so(red: Ended, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = read(red.folder / "conformance.json")
    steps = json.loads(json.dumps(report.select("fail")[0].failures[0].exchanges))
    steps[-1]["request"]["body"] = "{... [9000 more characters]"
    assert main([altered(red, tmp_path, exchanges=tuple(steps)), CLAUSE, DEFECT]) == 6
    assert "could not be asked: a body of it is longer than a report holds" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["create.id.max-lenght"], "has no clause 'create.id.max-lenght'"),
        (["create.id.max-length"], f"create.id.max-length does not fail there; these do: {CLAUSE}"),
        ([CLAUSE, "--way=9"], "fails in 1 ways; --way=9 is none of them"),
        ([CLAUSE, "--pytest", "somewhere/test_x.py"], "no test is found there"),
        ([CLAUSE, "--against", "live"], "EMPORIX_TENANT is not set"),
        ([CLAUSE, "--mock-defect=enormous"], "no defect named enormous"),
        ([CLAUSE, "--enormous"], "--enormous"),
    ],
)
def test_wrong_usage(
    red: Ended,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.delenv("EMPORIX_TENANT", raising=False)
    assert main([str(red.folder / "conformance.json"), *arguments]) == 4
    told = capfd.readouterr()
    assert says in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def step(status: int, body: object = None, operation: str = "get") -> dict[str, Any]:
    return {"operation": operation, "response": {"status": status, "body": json.dumps(body)}}


@pytest.mark.parametrize(
    ("actual", "detail", "steps", "place"),
    [
        ("201 {}", "", [step(201), step(400), step(404)], 0),
        ("200 {}", "67 characters", [step(201), step(200), step(200), step(404)], 2),
        ('"x"', "$.firstName", [step(201), step(200, {"firstName": "x"}), step(202)], 1),
        ("Count: 3", "header Count", [step(200, [], "list"), step(200, {})], 0),
        ("something else", "", [step(200), step(200)], 1),
    ],
)
def test_the_decisive_exchange(actual: str, detail: str, steps: list[dict[str, Any]], place: int) -> None:
    assert decisive({"actual": actual, "detail": detail, "exchanges": steps}) == place


def test_a_value_is_found_by_its_path() -> None:
    document = [{"mixins": {"x_1": {"a": [1, 2]}}}]
    assert value_at(document, "$[0].mixins.x_1.a[1]") == 2
    assert value_at(document, "$[1].mixins") is None
    assert value_at(None, "$.id") is None
