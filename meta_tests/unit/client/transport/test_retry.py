"""Transient errors: repeated where that is safe, raised where it is not, never passed on as a response."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Client, RetryPolicy, Run, ServiceUnavailable, TransientError, load_settings
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant, times

RETRY_POLICY = RetryPolicy(deadline=5.0, first_wait=0.005, growth=1.5, longest_wait=0.05, jitter=0.005)
ID = "cct-abcde-1"
NOT_EXECUTED = [Reply(502), Reply(503), Reply(504), Reply(drop=True)]
EXECUTED = [Reply(502, act=True), Reply(504, act=True), Reply(drop=True, act=True)]


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    client = Client(load_settings(None, server.environ()), Run("abcde", tmp_path), retry_policy=RETRY_POLICY)
    yield client
    client.close()


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=repr)
def test_a_read_is_repeated(server: LoopbackTenant, client: Client, fault: Reply) -> None:
    client.as_("client").list()
    server.faults.append(times(4, fault))
    assert client.as_("client").list().status == 200
    server.faults.append(times(4, fault))
    assert client.send("POST", "/customer/acme/customers/search", operation="search", json={}).status == 404


@pytest.mark.parametrize("status", [500, 501, 505, 428])
def test_errors_of_the_tenant_itself_are_responses(
    server: LoopbackTenant, client: Client, status: int
) -> None:
    server.faults.append(times(1, Reply(status)))
    assert client.as_("client").list().status == status


def test_a_lasting_fault_is_a_transient_error_and_then_an_unavailable_service(
    server: LoopbackTenant, client: Client
) -> None:
    client.as_("client").list()
    server.faults.append(times(1000, Reply(502)))
    for kind in (TransientError, TransientError, ServiceUnavailable):
        with pytest.raises(TransientError) as caught:
            client.as_("client").list()
        assert type(caught.value) is kind
        assert "\n" not in str(caught.value)
    assert server.count("GET") == 1 + 3 * RETRY_POLICY.attempts
    server.faults.clear()
    assert client.as_("client").list().status == 200
    server.faults.append(times(1000, Reply(502)))
    with pytest.raises(TransientError) as caught:
        client.as_("client").list()
    assert type(caught.value) is TransientError


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=repr)
def test_a_create_with_an_id_that_was_not_executed_is_repeated(
    server: LoopbackTenant, client: Client, fault: Reply
) -> None:
    client.as_("client").list()
    server.faults.append(times(1, fault, lambda seen: seen.method == "POST"))
    assert client.as_("client").create({"id": ID}).status == 201
    assert client.ledger.outstanding()[0].id == ID


@pytest.mark.parametrize("fault", EXECUTED, ids=repr)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_that_was_executed_without_a_response_is_a_transient_error(
    server: LoopbackTenant, client: Client, fault: Reply, method: str
) -> None:
    if method == "DELETE":
        client.as_("client").create({"id": ID})
    client.as_("client").list()
    before = server.count(method, "customers")
    server.faults.append(times(1, fault, lambda seen: seen.method == method))
    path = "/customer/acme/customers" if method == "POST" else f"/customer/acme/customers/{ID}"
    with pytest.raises(TransientError):
        client.send(method, path, operation="write", json={"id": ID})
    assert server.count(method, "customers") == before + 1
    assert client.as_("client").list().status == 200


def test_a_create_without_an_id_is_never_repeated(server: LoopbackTenant, client: Client) -> None:
    client.as_("client").list()
    server.faults.append(times(1, Reply(502), lambda seen: seen.method == "POST"))
    with pytest.raises(TransientError):
        client.as_("client").create({"contactEmail": "cct-abcde-1@example.com"})
    assert server.count("POST", "customers") == 1
    assert [entry.email for entry in client.ledger.unresolved()] == ["cct-abcde-1@example.com"]


@pytest.mark.parametrize("fault", [*NOT_EXECUTED, *EXECUTED], ids=repr)
def test_a_patch_is_repeated(server: LoopbackTenant, client: Client, fault: Reply) -> None:
    client.as_("client").create({"id": ID})
    server.faults.append(times(1, fault, lambda seen: seen.method == "PATCH"))
    assert client.as_("client").patch(ID, {"title": "Dr"}).status == 200
    assert server.customers["acme", ID]["title"] == "Dr"


@pytest.mark.parametrize(("operation", "method"), [("patch", "PATCH"), ("upsert", "PUT")])
def test_a_write_of_a_version_is_not_repeated(
    server: LoopbackTenant, client: Client, operation: str, method: str
) -> None:
    client.as_("client").create({"id": ID})
    server.faults.append(times(1, Reply(504, act=True), lambda seen: seen.method == method))
    with pytest.raises(TransientError):
        getattr(client.as_("client"), operation)(ID, {"metadata": {"version": 1}})
    assert server.count(method) == 1


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=repr)
def test_an_upsert_and_a_deletion_of_a_known_customer_are_repeated(
    server: LoopbackTenant, client: Client, fault: Reply
) -> None:
    client.as_("client").create({"id": ID})
    server.faults.append(times(1, fault, lambda seen: seen.method == "PUT"))
    assert client.as_("client").upsert(ID, {}).status == 204
    server.faults.append(times(1, fault, lambda seen: seen.method == "DELETE"))
    assert client.as_("client").delete(ID).status == 202
    server.faults.append(times(1, fault, lambda seen: seen.method == "DELETE"))
    assert client.as_("client").delete(ID).status == 404


def test_a_response_that_may_be_due_to_the_lost_request_is_a_transient_error(
    server: LoopbackTenant, client: Client
) -> None:
    server.customers["acme", "x"] = {"id": "x", "contactEmail": "cct-abcde-1@example.com"}
    server.faults.append(times(1, Reply(502), lambda seen: seen.method == "POST" and not seen.is_token))
    with pytest.raises(TransientError, match="409"):
        client.as_("client").create({"id": ID, "contactEmail": "cct-abcde-1@example.com"})


def test_nothing_is_repeated_where_the_caller_forbids_it(server: LoopbackTenant, client: Client) -> None:
    client.as_("client").create({"id": ID})
    server.faults.append(times(1, Reply(502), lambda seen: seen.method == "PATCH"))
    with pytest.raises(TransientError):
        client.as_("client").patch(ID, {"title": "Dr"}, retries="never")
    assert server.count("PATCH") == 1


def test_a_refused_connection_is_a_transient_error(server: LoopbackTenant, tmp_path: Path) -> None:
    environ = {**server.environ(), "EMPORIX_API_URL": "http://127.0.0.1:9"}
    client = Client(load_settings(None, environ), Run("abcdf", tmp_path), retry_policy=RETRY_POLICY)
    with pytest.raises(TransientError, match="connection"):
        client.as_("client").list()
    client.close()


@pytest.mark.parametrize("headers", [{"Retry-After": "0.2"}, {}])
def test_a_429_is_waited_for_with_any_method(
    server: LoopbackTenant, client: Client, headers: dict[str, str]
) -> None:
    client.as_("client").list()
    server.faults.append(times(3, Reply(429, headers=headers)))
    assert client.as_("client").create({"contactEmail": "cct-abcde-1@example.com"}).status == 201
    assert server.count("POST", "customers") == 4


def test_a_limit_is_respected_by_all_threads(server: LoopbackTenant, client: Client) -> None:
    client.as_("client").list()
    window: dict[int, int] = {}
    lock = threading.Lock()

    def limited(_: Seen) -> Reply | None:
        with lock:
            second = int(time.monotonic())
            window[second] = window.get(second, 0) + 1
            return Reply(429, headers={"Retry-After": "1"}) if window[second] > 60 else None

    server.faults.append(limited)
    threads = [
        threading.Thread(target=lambda: [client.as_("client").list() for _ in range(40)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = client.recorder.requests()["by_status"]
    assert isinstance(statuses, dict)
    assert statuses["429"] <= 0.05 * statuses["200"]


def test_a_pause_of_a_day_is_a_transient_error(server: LoopbackTenant, client: Client) -> None:
    client.as_("client").list()
    server.faults.append(times(1, Reply(429, headers={"Retry-After": "86400"})))
    with pytest.raises(TransientError, match="86400"):
        client.as_("client").list()


def test_a_token_endpoint_out_of_reach_is_a_transient_error_and_no_deadlock(
    server: LoopbackTenant, client: Client
) -> None:
    server.faults.append(times(1000, Reply(drop=True), lambda seen: seen.is_token))
    raised: list[BaseException] = []

    def send() -> None:
        try:
            client.as_("client").list()
        except TransientError as error:
            raised.append(error)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "it waits for itself"
    assert len(raised) == 1
