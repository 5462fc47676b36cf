"""The whole suite among other people's customers: not one of their fields changes, and none of them vanishes."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from client import Client, GuardError, Run, load_settings
from client.transport.guard import Guard
from harness.plugin.execution.profiles import EXPECTED, GATE
from harness.schemathesis.document import operations
from meta_tests.resilience.background_load import ForeignCustomers, among
from meta_tests.support.project_runs import WHOLE_RUN_DEADLINE, run_suite

POLLS = 100
"""The most polls of a run on a busy machine; the plan of a run does not count polls either."""


@pytest.fixture
def others() -> Iterator[ForeignCustomers]:
    """A tenant of others."""
    with among(60) as others:
        assert len(others.before) > 130
        yield others


def test_a_gate_run_changes_no_customer_of_others(tmp_path: Path, others: ForeignCustomers) -> None:
    run = run_suite(
        tmp_path / "reports",
        "-n0",
        f"--tenant-config={others.tenant_config(tmp_path)}",
        environ=others.environ,
        deadline=WHOLE_RUN_DEADLINE,
    )
    assert run.code == 0, run.output
    assert others.changed() == []
    assert others.left() == []
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    verdicts = [each["verdict"] for each in report["clauses"]]
    assert verdicts.count("fail") == verdicts.count("error") == verdicts.count("skipped") == 0
    requests, customers = EXPECTED[GATE]
    assert 2_000 < report["requests"]["total"] <= requests + POLLS
    assert 200 < report["data"]["created"] <= customers
    assert report["data"]["left"] == 0


def generated(tenant: str, id: str, base_url: str) -> Iterator[Mapping[str, Any]]:
    """What Schemathesis makes of every operation that writes to a customer, aimed at this one."""
    for name in ("upsert", "patch", "delete"):
        body: dict[str, Any] = (
            {} if name == "delete" else {"body": {"firstName": "changed"}, "media_type": "application/json"}
        )
        for spelling in (id, f"{id}/", f"./{id}", f"cct-abcde-1/../{id}"):
            parameters = {"tenant": tenant, "customerNumber": spelling}
            case = operations()[name].Case(path_parameters=parameters, **body)
            yield case.as_transport_kwargs(base_url=base_url)


def thrown(others: ForeignCustomers, folder: Path, at: int) -> list[bool]:
    """Send every write to so many customers of others, by hand and by Schemathesis: whether the guard passed it."""
    with closing(Client(load_settings(None, others.environ), Run("abcde", folder))) as client:
        return [passes(write) for write in writes(client, others, at)]


def writes(client: Client, others: ForeignCustomers, at: int) -> Iterator[Callable[[], object]]:
    """Every write to so many customers of others of either tenant."""
    change = {"firstName": "changed"}
    for name, (customer, _) in [*others.before.items()][:: max(1, len(others.before) // at)]:
        identity = "client" if name.startswith("own/") else "other"
        id, api = customer["id"], client.as_(identity)
        yield partial(api.upsert, id, change)
        yield partial(api.patch, id, change)
        for kwargs in generated(client.tenant_of(identity), id, others.ready["api_url"]):
            yield partial(client.send_case, kwargs, "other", identity=identity)
        yield partial(api.delete, id)


def passes(write: Callable[[], object]) -> bool:
    """Whether the guard lets it through."""
    try:
        write()
    except GuardError:
        return False
    return True


def test_no_write_reaches_a_customer_of_others(tmp_path: Path, others: ForeignCustomers) -> None:
    outcomes = thrown(others, tmp_path, at=len(others.before))
    assert len(outcomes) > 1_000
    assert not any(outcomes)
    assert others.changed() == []


def test_a_guard_that_is_off_is_noticed(
    tmp_path: Path, others: ForeignCustomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Guard, "check", lambda *_: None)
    assert all(thrown(others, tmp_path, at=20))
    assert len(others.changed()) > 15
