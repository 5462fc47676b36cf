"""A tenant that is not ours alone: ten thousand customers of others, changing all the time, and another run."""

import json
from pathlib import Path
from typing import Any

from meta_tests.support import mock_server
from meta_tests.support.project_runs import Ended, begun, ended, environment

SMOKE = ("tests", "--hypothesis-profile=smoke")


def report(run: Ended) -> dict[str, Any]:
    """What a run that should be green says of itself."""
    assert run.code == 0, run.said
    told: dict[str, Any] = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    verdicts = [each["verdict"] for each in told["clauses"]]
    assert not {"fail", "error"} & set(verdicts)
    assert told["data"]["left"] == 0
    return told


def test_two_runs_in_a_throng_are_green_and_ask_no_more_than_twice_as_much(tmp_path: Path) -> None:
    with mock_server.running() as mock:
        alone = report(ended(tmp_path / "alone", *SMOKE, environ=environment(**mock["environ"])))
    with mock_server.running("--variation", "throng") as mock, mock_server.customers(mock) as tenant:
        environ = environment(**mock["environ"])
        runs = [begun(tmp_path / name, *SMOKE, environ=environ) for name in ("one", "other")]
        crowded = [report(run.ended()) for run in runs]
        last = tenant.get("/customers", params={"pageNumber": 200, "pageSize": 50}).json()
        assert len(last) == 50, "ten thousand others are there"
        assert tenant.get("/customers", params={"q": "contactEmail:(~cct-)"}).json() == []
    for each in crowded:
        assert each["requests"]["total"] <= 2 * alone["requests"]["total"]
        assert sum(verdict["verdict"] == "pass" for verdict in each["clauses"]) >= sum(
            verdict["verdict"] == "pass" for verdict in alone["clauses"]
        )
