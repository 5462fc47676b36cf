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
from harness.plugin.profiles import EXPECTED, GATE
from harness.schemathesis.document import operations
from meta_tests.resilience.background_load import ForeignCustomers, among
from meta_tests.support import project_runs
from meta_tests.support.project_runs import ended


@pytest.fixture
def strangers() -> Iterator[ForeignCustomers]:
    """A tenant of others."""
    with among(60) as strangers:
        assert len(strangers.before) > 130
        yield strangers


def test_a_gate_run_changes_nobody_else(
    tmp_path: Path, strangers: ForeignCustomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_runs, "DEADLINE", 240.0)
    run = ended(
        tmp_path / "reports",
        f"--tenant-config={strangers.tenant_config(tmp_path)}",
        environ=strangers.environ,
    )
    assert run.code == 0, run.said
    assert strangers.changed() == []
    assert strangers.left() == []
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    verdicts = [each["verdict"] for each in report["clauses"]]
    assert verdicts.count("fail") == verdicts.count("error") == verdicts.count("skipped") == 0
    requests, customers = EXPECTED[GATE]
    assert 2_000 < report["requests"]["total"] <= requests
    assert 200 < report["data"]["created"] <= customers
    assert report["data"]["left"] == 0


def generated(tenant: str, id: str, base_url: str) -> Iterator[Mapping[str, Any]]:
    """What Schemathesis makes of every operation that writes to a customer, aimed at this one."""
    for name in ("upsert", "patch", "delete"):
        body = (
            {} if name == "delete" else {"body": {"firstName": "changed"}, "media_type": "application/json"}
        )
        for spelling in (id, f"{id}/", f"./{id}", f"cct-abcde-1/../{id}"):
            parameters = {"tenant": tenant, "customerNumber": spelling}
            case = operations()[name].Case(path_parameters=parameters, **body)
            yield case.as_transport_kwargs(base_url=base_url)


def thrown(strangers: ForeignCustomers, folder: Path, at: int) -> list[bool]:
    """Throw every write at so many strangers, by hand and as Schemathesis would: whether the guard let it through."""
    with closing(Client(load_settings(None, strangers.environ), Run("abcde", folder))) as client:
        return [passes(write) for write in writes(client, strangers, at)]


def writes(client: Client, strangers: ForeignCustomers, at: int) -> Iterator[Callable[[], object]]:
    """Every write to so many strangers of either tenant."""
    change = {"firstName": "changed"}
    for name, (customer, _) in [*strangers.before.items()][:: max(1, len(strangers.before) // at)]:
        identity = "client" if name.startswith("own/") else "other"
        id = customer["id"]
        yield partial(client.upsert, id, change, identity=identity)
        yield partial(client.patch, id, change, identity=identity)
        for kwargs in generated(client.home(identity), id, strangers.ready["api_url"]):
            yield partial(client.send_case, kwargs, "other", identity=identity)
        yield partial(client.delete, id, identity=identity)


def passes(write: Callable[[], object]) -> bool:
    """Whether the guard lets it through."""
    try:
        write()
    except GuardError:
        return False
    return True


def test_no_write_reaches_anybody_else(tmp_path: Path, strangers: ForeignCustomers) -> None:
    outcomes = thrown(strangers, tmp_path, at=len(strangers.before))
    assert len(outcomes) > 1_000
    assert not any(outcomes)
    assert strangers.changed() == []


def test_a_guard_that_is_off_would_be_noticed(
    tmp_path: Path, strangers: ForeignCustomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Guard, "check", lambda *_: None)
    assert all(thrown(strangers, tmp_path, at=20))
    assert len(strangers.changed()) > 15
