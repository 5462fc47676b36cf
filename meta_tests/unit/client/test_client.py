"""The client: bytes as given, headers as client libraries send them, every request guarded and recorded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis

import spec
from client import (
    ABSENT,
    BudgetExceeded,
    Client,
    GuardError,
    RetryPolicy,
    Run,
    UnsendableError,
    load_settings,
)
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, loopback_tenant, times

ID = "cct-abcde-1"


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    client = Client(load_settings(None, server.environ()), Run("abcde", tmp_path))
    yield client
    client.close()


def test_the_headers_of_every_request(server: LoopbackTenant, client: Client) -> None:
    client.as_("client").create({"id": ID})
    headers = server.seen[-1].headers
    assert headers["emporix-tenant"] == "acme"
    assert headers["accept"] == "application/json"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("customer-contract-suite")
    client.as_("client").get(ID, tenant="elsewhere", headers={"accept": "*/*"})
    assert server.seen[-1].headers["emporix-tenant"] == "elsewhere"
    assert server.seen[-1].headers["accept"] == "*/*"


def test_a_create_and_an_upsert_send_no_notification_by_default(
    server: LoopbackTenant, client: Client
) -> None:
    without_notifications = {"sendPasswordResetNotifications": "false"}
    client.as_("client").create({"id": ID})
    assert server.seen[-1].query == without_notifications
    client.as_("client").upsert(ID, {})
    assert server.seen[-1].query == without_notifications
    client.as_("client").patch(ID, {})
    assert server.seen[-1].query == {}
    client.as_("client").search({"q": "id:1"})
    assert server.seen[-1].query == {}
    client.as_("client").create({}, params={"sendPasswordResetNotifications": "perhaps"})
    assert server.seen[-1].query == {"sendPasswordResetNotifications": "perhaps"}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/customer/acme/customers/../x//y/.", "/customer/acme/customers/../x//y/."),
        ("/customer/acme/customers/%7e%2f%zz%", "/customer/acme/customers/%7e%2f%zz%"),
        ("/customer/acme/customers/a b\u00e9\x00#", "/customer/acme/customers/a%20b%C3%A9%00%23"),
        (b"/customer/acme/customers/\xff", "/customer/acme/customers/%FF"),
        ("/customer/acme/customers?q=a+b&q", "/customer/acme/customers?q=a+b&q"),
    ],
)
def test_a_path_goes_out_as_given(
    server: LoopbackTenant, client: Client, path: str | bytes, target: str
) -> None:
    client.send("GET", path, operation="get")
    assert server.seen[-1].target == target


@pytest.mark.parametrize("id", ["..", ".", "a/b", "%2e", "ä\ud800", "a?b#c", " "])
def test_an_id_is_one_segment(server: LoopbackTenant, client: Client, id: str) -> None:
    client.as_("client").get(id)
    assert server.seen[-1].path.count("/") == 4
    assert ".." not in server.seen[-1].path


def test_parameters_and_bodies(server: LoopbackTenant, client: Client) -> None:
    server.faults.append(lambda seen: None if seen.is_token else Reply(400))
    client.as_("client").list(
        "contactEmail:a+b@example.com", page_number=2, page_size="x", params=[("a", ["1", "2"]), ("b", True)]
    )
    assert server.seen[-1].target.endswith(
        "?q=contactEmail%3Aa%2Bb%40example.com&pageNumber=2&pageSize=x&a=1&a=2&b=true"
    )
    client.as_("client").patch(ID, None)
    assert server.seen[-1].body == b"null"
    client.as_("client").patch(ID)
    assert server.seen[-1].body == b""
    client.as_("client").patch(ID, {"firstName": "\ud800é"})
    assert json.loads(server.seen[-1].body) == {"firstName": "\ud800é"}
    client.as_("client").patch(ID, content=b"{broken", headers={"Content-Type": "text/x"})
    assert (server.seen[-1].body, server.seen[-1].headers["content-type"]) == (b"{broken", "text/x")


def test_an_exchange_is_what_was_exchanged(server: LoopbackTenant, client: Client) -> None:
    mark = client.recorder.mark()
    made = client.as_("client").create({"id": ID, "password": "Initial-1"})
    seen = client.as_("client").get(ID)
    assert client.recorder.since(mark)[-2:] == (made, seen)
    assert (made.method, made.status, made.operation, made.identity) == ("POST", 201, "create", "client")
    assert made.url == f"{server.url}/customer/acme/customers?sendPasswordResetNotifications=false"
    assert made.path == "/customer/acme/customers"
    assert made.json == {"id": ID}
    assert made.request_json == {"id": ID, "password": "Initial-1"}
    assert made.header("content-TYPE") == "application/json"
    assert made.header("absent") is None
    assert seen.elapsed > 0
    assert seen.started >= made.started
    assert client.as_("client").delete(ID).json is ABSENT
    assert "Initial-1" not in json.dumps([one.as_json() for one in client.recorder.since(mark)])


def test_a_redirect_is_an_answer_and_a_cookie_is_forgotten(server: LoopbackTenant, client: Client) -> None:
    headers = {"Location": f"{server.url}/elsewhere", "Set-Cookie": "sid=1; Path=/"}
    server.faults.append(times(1, Reply(307, headers=headers)))
    assert client.as_("client").list().status == 307
    client.as_("client").list()
    assert "cookie" not in server.seen[-1].headers
    assert server.count("GET", "elsewhere") == 0


@pytest.mark.parametrize("location", ["http://[", "//:x", "http://127.0.0.1:99999/"])
def test_a_malformed_location_is_no_fault_of_the_network(
    server: LoopbackTenant, client: Client, location: str
) -> None:
    server.faults.append(times(1, Reply(307, headers={"Location": location})))
    exchange = client.as_("client").list()
    assert (exchange.status, exchange.header("Location")) == (307, location)


def test_what_was_made_is_on_the_ledger_and_known_to_the_guard(
    server: LoopbackTenant, client: Client
) -> None:
    id = client.as_("client").create({"contactEmail": "cct-abcde-1@example.com"}).json["id"]
    assert client.as_("client").patch(id, {"title": "Dr"}).status == 200
    before = len(server.seen)
    server.customers["acme", "victim"] = {"id": "victim"}
    api = client.as_("client")
    for act in (api.upsert, api.patch, api.delete):
        with pytest.raises(GuardError):
            act("victim", {})
    assert len(server.seen) == before
    client.as_("client").delete(id)
    assert client.ledger.outstanding() == ()


def test_the_ledger_entry_is_on_disk_when_the_request_arrives(server: LoopbackTenant, client: Client) -> None:
    found: list[bool] = []

    def look(_: object) -> Reply | None:
        found.append(ID in client.ledger.path.read_text())
        return None

    client.as_("client").list()
    server.faults.append(look)
    client.as_("client").create({"id": ID})
    assert found == [True]


def test_what_no_http_message_can_carry_is_not_sent(client: Client) -> None:
    with pytest.raises(UnsendableError):
        client.as_("client").list(authorization="Bearer a\nb")
    with pytest.raises(UnsendableError):
        client.as_("client").list(headers={"X-Odd": "a\0b"})


def test_a_base_path_is_kept(server: LoopbackTenant, tmp_path: Path) -> None:
    environ = {
        **server.environ(),
        "EMPORIX_API_URL": f"{server.url}/base",
        "EMPORIX_TOKEN_URL": f"{server.url}/oauth/token",
    }
    client = Client(load_settings(None, environ), Run("abcde", tmp_path))
    client.as_("client").get("x")
    assert server.seen[-1].target == "/base/customer/acme/customers/x"
    client.close()


def test_the_limits_of_safety_end_the_run(server: LoopbackTenant, tmp_path: Path) -> None:
    file = tmp_path / "tenant.toml"
    file.write_text("[safety]\nmax_requests = 4\nmax_customers = 2\n")
    client = Client(load_settings(file, server.environ()), Run("abcde", tmp_path))
    client.as_("client").create({"id": ID})
    client.as_("client").create({"id": f"{ID}2"})
    with pytest.raises(BudgetExceeded, match="max_customers = 2"):
        client.as_("client").create({"id": f"{ID}3"})
    client.as_("client").list()
    with pytest.raises(BudgetExceeded, match="max_requests = 4"):
        client.as_("client").list()
    client.budget.lift()
    assert client.as_("client").delete(ID).status == 202
    client.close()


def test_repeated_requests_and_token_requests_count_in_the_budget(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    file = tmp_path / "tenant.toml"
    file.write_text("[safety]\nmax_requests = 4\nmax_customers = 1\n")
    policy = RetryPolicy(first_wait=0.005, growth=1.0, jitter=0.0)
    client = Client(load_settings(file, server.environ()), Run("abcde", tmp_path), retry_policy=policy)
    server.faults.append(times(2, Reply(503)))
    assert client.as_("client").create({"id": ID}, retries="always").status == 201, (
        "one customer, in three attempts"
    )
    assert client.budget.left == {"max_requests": 0}
    with pytest.raises(BudgetExceeded, match="max_requests = 4"):
        client.as_("client").get(ID)
    client.close()


def test_cases_of_schemathesis_go_the_same_way(server: LoopbackTenant, client: Client) -> None:
    schema = schemathesis.openapi.from_dict(spec.document(), config=schemathesis.Config())
    schema.config.update(base_url=server.url)
    operation = schema["/customer/{tenant}/customers/{customerNumber}"]["PATCH"]
    client.as_("client").create({"id": ID})
    case = operation.Case(
        path_parameters={"tenant": "acme", "customerNumber": ID},
        body={"title": "Dr"},
        media_type="application/json",
    )
    exchange = client.send_case(case.as_transport_kwargs(), "patch")
    response = exchange.response
    assert (exchange.status, response.status_code) == (200, 200)
    assert server.customers["acme", ID]["title"] == "Dr"
    assert server.seen[-1].headers["authorization"].startswith("Bearer token-")
    assert server.seen[-1].headers["user-agent"].startswith("customer-contract-suite")
    case.validate_response(response, checks=[schemathesis.checks.not_a_server_error])
    case = operation.Case(path_parameters={"tenant": "acme", "customerNumber": "victim"})
    with pytest.raises(GuardError):
        client.send_case(case.as_transport_kwargs(), "patch")


@pytest.mark.parametrize(
    ("parts", "body", "content_type"),
    [
        ({"json": {"a": 1}}, b'{"a": 1}', "application/json"),
        ({"data": b"\xff"}, b"\xff", None),
        ({"data": "é"}, "é".encode(), None),
        ({"data": {"a": "b c"}}, b"a=b%20c", "application/x-www-form-urlencoded"),
        ({"files": {"f": b"x"}}, None, "multipart/form-data; boundary="),
    ],
)
def test_each_body_of_a_case(
    server: LoopbackTenant,
    client: Client,
    parts: dict[str, Any],
    body: bytes | None,
    content_type: str | None,
) -> None:
    server.faults.append(times(9, Reply(400)))
    kwargs = {
        "method": "PATCH",
        "url": f"{server.url}/customer/acme/customers/{ID}",
        "params": {"a": ["1", "2"]},
    }
    client.send_case({**kwargs, **parts, "cookies": {"c": "d"}, "headers": {"Authorization": "x"}}, "patch")
    seen = server.seen[-1]
    assert body is None or seen.body == body
    assert content_type is None or seen.headers["content-type"].startswith(content_type)
    assert seen.target.endswith("?a=1&a=2")
    assert seen.headers["cookie"] == "c=d"
    with pytest.raises(GuardError, match="below"):
        client.send_case({"method": "GET", "url": "http://elsewhere.test/customer"}, "get")
