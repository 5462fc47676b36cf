"""Transient errors: repeated where that is safe, raised where it is not, never passed on as a response."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Client, RetryPolicy, Run, ServiceUnavailable, TransientError, load_settings
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant, times

PATIENCE = RetryPolicy(deadline=5.0, first_wait=0.005, growth=1.5, longest_wait=0.05, jitter=0.005)
ID = "cct-abcde-1"
TROUBLE = [Reply(502), Reply(503), Reply(504), Reply(drop=True)]
DONE = [Reply(502, act=True), Reply(504, act=True), Reply(drop=True, act=True)]


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    client = Client(load_settings(None, server.environ()), Run("abcde", tmp_path), patience=PATIENCE)
    yield client
    client.close()


@pytest.mark.parametrize("trouble", TROUBLE, ids=repr)
def test_reading_is_repeated(server: LoopbackTenant, client: Client, trouble: Reply) -> None:
    client.list()
    server.faults.append(times(4, trouble))
    assert client.list().status == 200
    server.faults.append(times(4, trouble))
    assert client.send("POST", "/customer/acme/customers/search", operation="search", json={}).status == 404


@pytest.mark.parametrize("status", [500, 501, 505, 428])
def test_the_tenants_own_errors_are_answers(server: LoopbackTenant, client: Client, status: int) -> None:
    server.faults.append(times(1, Reply(status)))
    assert client.list().status == status


def test_trouble_without_end_is_weather_and_then_an_outage(server: LoopbackTenant, client: Client) -> None:
    client.list()
    server.faults.append(times(1000, Reply(502)))
    for kind in (TransientError, TransientError, ServiceUnavailable):
        with pytest.raises(TransientError) as caught:
            client.list()
        assert type(caught.value) is kind
        assert "\n" not in str(caught.value)
    assert server.count("GET") == 1 + 3 * PATIENCE.tries
    server.faults.clear()
    assert client.list().status == 200
    server.faults.append(times(1000, Reply(502)))
    with pytest.raises(TransientError) as caught:
        client.list()
    assert type(caught.value) is TransientError


@pytest.mark.parametrize("trouble", TROUBLE, ids=repr)
def test_a_create_with_an_id_that_did_not_happen_is_repeated(
    server: LoopbackTenant, client: Client, trouble: Reply
) -> None:
    client.list()
    server.faults.append(times(1, trouble, lambda seen: seen.method == "POST"))
    assert client.create({"id": ID}).status == 201
    assert client.ledger.outstanding()[0].id == ID


@pytest.mark.parametrize("trouble", DONE, ids=repr)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_that_happened_without_an_answer_is_weather(
    server: LoopbackTenant, client: Client, trouble: Reply, method: str
) -> None:
    if method == "DELETE":
        client.create({"id": ID})
    client.list()
    before = server.count(method, "customers")
    server.faults.append(times(1, trouble, lambda seen: seen.method == method))
    path = "/customer/acme/customers" if method == "POST" else f"/customer/acme/customers/{ID}"
    with pytest.raises(TransientError):
        client.send(method, path, operation="write", json={"id": ID})
    assert server.count(method, "customers") == before + 1
    assert client.list().status == 200


def test_a_create_without_an_id_is_never_repeated(server: LoopbackTenant, client: Client) -> None:
    client.list()
    server.faults.append(times(1, Reply(502), lambda seen: seen.method == "POST"))
    with pytest.raises(TransientError):
        client.create({"contactEmail": "cct-abcde-1@example.com"})
    assert server.count("POST", "customers") == 1
    assert [intention.email for intention in client.ledger.unresolved()] == ["cct-abcde-1@example.com"]


@pytest.mark.parametrize("trouble", [*TROUBLE, *DONE], ids=repr)
def test_a_patch_is_repeated(server: LoopbackTenant, client: Client, trouble: Reply) -> None:
    client.create({"id": ID})
    server.faults.append(times(1, trouble, lambda seen: seen.method == "PATCH"))
    assert client.patch(ID, {"title": "Dr"}).status == 200
    assert server.customers["acme", ID]["title"] == "Dr"


def test_a_patch_of_a_version_is_not(server: LoopbackTenant, client: Client) -> None:
    client.create({"id": ID})
    server.faults.append(times(1, Reply(504, act=True), lambda seen: seen.method == "PATCH"))
    with pytest.raises(TransientError):
        client.patch(ID, {"metadata": {"version": 1}})


@pytest.mark.parametrize("trouble", TROUBLE, ids=repr)
def test_an_upsert_and_a_deletion_of_a_known_customer_are_repeated(
    server: LoopbackTenant, client: Client, trouble: Reply
) -> None:
    client.create({"id": ID})
    server.faults.append(times(1, trouble, lambda seen: seen.method == "PUT"))
    assert client.upsert(ID, {}).status == 204
    server.faults.append(times(1, trouble, lambda seen: seen.method == "DELETE"))
    assert client.delete(ID).status == 202
    server.faults.append(times(1, trouble, lambda seen: seen.method == "DELETE"))
    assert client.delete(ID).status == 404


def test_an_answer_that_may_be_owed_to_the_lost_request_is_weather(
    server: LoopbackTenant, client: Client
) -> None:
    server.customers["acme", "x"] = {"id": "x", "contactEmail": "cct-abcde-1@example.com"}
    server.faults.append(times(1, Reply(502), lambda seen: seen.method == "POST" and not seen.is_token))
    with pytest.raises(TransientError, match="409"):
        client.create({"id": ID, "contactEmail": "cct-abcde-1@example.com"})


def test_nothing_is_repeated_where_the_caller_forbids_it(server: LoopbackTenant, client: Client) -> None:
    client.create({"id": ID})
    server.faults.append(times(1, Reply(502), lambda seen: seen.method == "PATCH"))
    with pytest.raises(TransientError):
        client.patch(ID, {"title": "Dr"}, retries="never")
    assert server.count("PATCH") == 1


def test_nobody_listens(server: LoopbackTenant, tmp_path: Path) -> None:
    environ = {**server.environ(), "EMPORIX_API_URL": "http://127.0.0.1:9"}
    client = Client(load_settings(None, environ), Run("abcdf", tmp_path), patience=PATIENCE)
    with pytest.raises(TransientError, match="connection"):
        client.list()
    client.close()


@pytest.mark.parametrize("headers", [{"Retry-After": "0.2"}, {}])
def test_a_refusal_is_waited_out_for_any_method(
    server: LoopbackTenant, client: Client, headers: dict[str, str]
) -> None:
    client.list()
    server.faults.append(times(3, Reply(429, headers=headers)))
    assert client.create({"contactEmail": "cct-abcde-1@example.com"}).status == 201
    assert server.count("POST", "customers") == 4


def test_a_limit_is_found_and_kept_by_all_threads(server: LoopbackTenant, client: Client) -> None:
    client.list()
    window: dict[int, int] = {}
    lock = threading.Lock()

    def limited(_: Seen) -> Reply | None:
        with lock:
            second = int(time.monotonic())
            window[second] = window.get(second, 0) + 1
            return Reply(429, headers={"Retry-After": "1"}) if window[second] > 60 else None

    server.faults.append(limited)
    threads = [threading.Thread(target=lambda: [client.list() for _ in range(40)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = client.recorder.requests()["by_status"]
    assert isinstance(statuses, dict)
    assert statuses["429"] <= 0.05 * statuses["200"]


def test_waiting_longer_than_anybody_would_is_weather(server: LoopbackTenant, client: Client) -> None:
    client.list()
    server.faults.append(times(1, Reply(429, headers={"Retry-After": "86400"})))
    with pytest.raises(TransientError, match="86400"):
        client.list()


def test_a_token_endpoint_out_of_reach_is_weather_and_no_deadlock(
    server: LoopbackTenant, client: Client
) -> None:
    server.faults.append(times(1000, Reply(drop=True), lambda seen: seen.is_token))
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            client.list()
        except TransientError as weather:
            raised.append(weather)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(10)
    assert not asking.is_alive(), "it waits for itself"
    assert len(raised) == 1
