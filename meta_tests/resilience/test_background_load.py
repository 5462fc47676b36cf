"""A tenant that is not ours alone: ten thousand customers of others, changing all the time, and another run."""

import json
from pathlib import Path
from typing import Any

from meta_tests.support import mock_server
from meta_tests.support.project_runs import SuiteResult, environment, run_suite, start_suite

SMOKE = ("tests", "--hypothesis-profile=smoke")


def green_report(run: SuiteResult) -> dict[str, Any]:
    """The report of a run that should be green."""
    assert run.code == 0, run.output
    report: dict[str, Any] = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    verdicts = [each["verdict"] for each in report["clauses"]]
    assert not {"fail", "error"} & set(verdicts)
    assert report["data"]["left"] == 0
    return report


def test_two_runs_under_load_are_green_and_send_no_more_than_twice_as_many_requests(tmp_path: Path) -> None:
    with mock_server.running() as mock:
        alone = green_report(run_suite(tmp_path / "alone", *SMOKE, environ=environment(**mock["environ"])))
    with (
        mock_server.running("--variation", "large-background-load") as mock,
        mock_server.customers(mock) as tenant,
    ):
        environ = environment(**mock["environ"])
        runs = [start_suite(tmp_path / name, *SMOKE, environ=environ) for name in ("one", "other")]
        crowded = [green_report(run.wait()) for run in runs]
        last = tenant.get("/customers", params={"pageNumber": 200, "pageSize": 50}).json()
        assert len(last) == 50, "ten thousand others are there"
        assert tenant.get("/customers", params={"q": "contactEmail:(~cct-)"}).json() == []
    for each in crowded:
        assert each["requests"]["total"] <= 2 * alone["requests"]["total"]
        assert sum(verdict["verdict"] == "pass" for verdict in each["clauses"]) >= sum(
            verdict["verdict"] == "pass" for verdict in alone["clauses"]
        )
