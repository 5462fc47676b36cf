"""What integrators use of the mock tenant: initial customers, reset, the log of requests, and starting it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from meta_tests.support import mock_server
from meta_tests.unit.mock_tenant.recorder import TenantRecorder
from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers its variations
from mock_tenant.application import Endpoint
from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import TENANT
from mock_tenant.configuration import ConfigurationError, read_configuration
from mock_tenant.registry import compose
from mock_tenant.testing import MockStartError, running_mock
from mock_tenant.testing.control import KEPT_CHARACTERS, KEPT_REQUESTS, Control, content
from mock_tenant.testing.initial_customers import read_customers, store_customers

ADA = {"id": "ada", "firstName": "Ada", "contactEmail": "ada@example.com", "active": False}


def customers_file(folder: Path, *customers: Any) -> Path:
    """A file with initial customers."""
    path = folder / "customers.json"
    path.write_text(json.dumps(customers), encoding="utf-8")
    return path


def behaviour(*variations: str) -> Behaviour:
    """A tenant with variations."""
    composed, tenant_config = compose([], variations)
    return composed(read_configuration().replace(**tenant_config))


def test_a_reset_restores_the_initial_customers_and_empties_the_log(tmp_path: Path) -> None:
    options = ["--customers", str(customers_file(tmp_path, ADA))]
    with mock_server.running(*options) as ready, mock_server.customers(ready) as tenant:
        tenant.patch("/customers/ada", json={"firstName": "Grace"})
        tenant.post("/customers", json={"id": "another"})
        assert tenant.get(f"{ready['api_url']}/mock/requests").json()

        assert tenant.post(f"{ready['api_url']}/mock/reset").status_code == 204

        assert tenant.get(f"{ready['api_url']}/mock/requests").json() == []
        (shown,) = tenant.get("/customers").json()  # the token of before is still valid
        assert {name: shown[name] for name in ADA} == ADA


def test_the_log_has_each_request_and_its_response_without_secrets() -> None:
    with mock_server.running() as ready, mock_server.customers(ready) as tenant:
        tenant.post("/customers", json={"id": "one"}, headers={"traceparent": "00-1-2-01"})
        tenant.get("/customers/o%20ne", params={"expand": "accounts"})
        log = tenant.get(f"{ready['api_url']}/mock/requests").json()
        token = str(tenant.headers["Authorization"]).removeprefix("Bearer ")

    assert [(each["number"], each["method"], each["status"]) for each in log] == [
        (1, "POST", 200),
        (2, "POST", 201),
        (3, "GET", 404),
    ]
    assert log[0].keys() == {"number", "method", "target", "headers", "status"}
    assert (log[1]["body"], log[1]["response"]) == ({"id": "one"}, {"id": "one"})
    assert log[1]["headers"]["traceparent"] == "00-1-2-01"
    assert log[2]["target"] == f"/customer/{TENANT}/customers/o%20ne?expand=accounts"
    assert log[2]["body"] is None
    assert token not in json.dumps(log)
    assert ready["environ"]["EMPORIX_CLIENT_SECRET"] not in json.dumps(log)


def test_the_log_is_bounded() -> None:
    control = Control(Endpoint(behaviour()))
    assert control.log.maxlen == KEPT_REQUESTS
    assert len(content(b'"' + b"x" * 2 * KEPT_CHARACTERS + b'"')) == KEPT_CHARACTERS + 1
    assert content(b"[" * 500) == "[" * 500


@pytest.mark.parametrize(
    "variation", ["eventual-lists", "late-reads", "literal-id-pattern-in-paths", "strict-properties"]
)
def test_initial_customers_are_stored_with_any_variation_and_visible_at_once(variation: str) -> None:
    recorder = TenantRecorder((type(behaviour(variation)),))
    store_customers(recorder.behaviour, [ADA])
    assert asyncio.run(recorder.request("GET", "/ada"))["active"] is False
    assert [each["id"] for each in asyncio.run(recorder.request("GET"))] == ["ada"]


def test_a_response_of_list_is_a_file_of_initial_customers(tmp_path: Path) -> None:
    options = ["--customers", str(customers_file(tmp_path, ADA, {"lastName": "Without id"}))]
    with mock_server.running(*options) as ready, mock_server.customers(ready) as tenant:
        listed = tenant.get("/customers", params={"expand": "accounts,mixin:*"}).json()
    assert len(listed) == 2
    options = ["--customers", str(customers_file(tmp_path, *listed))]
    with mock_server.running(*options) as ready, mock_server.customers(ready) as tenant:
        again = tenant.get("/customers", params={"expand": "accounts,mixin:*"}).json()
    ignored = {"metadataCreatedAt"}
    assert [{name: value for name, value in each.items() if name not in ignored} for each in again] == [
        {name: value for name, value in each.items() if name not in ignored} for each in listed
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "cannot be read (No such file or directory); name a readable file."),
        ("[", "is not JSON ("),
        ("{}", "must be a JSON array of objects, one for each customer."),
        ("[1]", "must be a JSON array of objects, one for each customer."),
        (
            '[{"firstname": "Ada"}]',
            "Initial customer 1 is invalid (firstname is no property of a customer); correct it.",
        ),
        (
            '[{}, {"firstName": 1}]',
            "Initial customer 2 is invalid (firstName: The value must be a string); correct it.",
        ),
        (
            '[{"id": "a"}, {"id": "a"}]',
            "Initial customer 2 is invalid (the id 'a' is no text or is that of another customer)",
        ),
        (
            '[{"contactEmail": "a@b.c"}, {"contactEmail": "a@b.c"}]',
            "Initial customer 2 is invalid (Duplicate account",
        ),
    ],
)
def test_invalid_initial_customers_are_rejected_in_one_sentence(
    tmp_path: Path, text: str | None, sentence: str
) -> None:
    path = tmp_path / "customers.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        store_customers(behaviour(), read_customers(path))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_mock_in_a_subprocess_is_started_and_stopped(tmp_path: Path) -> None:
    with running_mock("--customers", customers_file(tmp_path, ADA).name, cwd=tmp_path) as mock:
        assert mock.tenant == TENANT
        assert mock.access_token("customer.customer_read")
        assert [each["target"] for each in mock.requests()] == ["/oauth/token"]
        mock.reset()
        assert mock.requests() == []


def test_a_mock_that_does_not_start_names_its_options(capfd: pytest.CaptureFixture[str]) -> None:
    with (
        pytest.raises(MockStartError, match=r"does not start with the options --like missing\.json"),
        running_mock("--like", "missing.json"),
    ):
        pass
    assert "missing.json cannot be read" in capfd.readouterr().err
