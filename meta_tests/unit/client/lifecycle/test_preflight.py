"""The preflight: one sentence for the network, the address and the credentials; a clause for a broken contract."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import ContractError, PreflightError, TenantError, preflight
from meta_tests.support.loopback_client import OTHER_TENANT, make_client
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant
from spec import clauses

STATIC_TOKEN = {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": "", "EMPORIX_ACCESS_TOKEN": "stale"}
RESTRICTED = {"EMPORIX_RESTRICTED_CLIENT_ID": "id-2", "EMPORIX_RESTRICTED_CLIENT_SECRET": "secret-two"}
WEB_PAGE = Reply(200, headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


def run_preflight(server: LoopbackTenant, folder: Path, **environ: str) -> None:
    client = make_client(server, folder, **environ)
    try:
        preflight(client)
    finally:
        client.close()


def test_preflight_is_short(server: LoopbackTenant, tmp_path: Path) -> None:
    run_preflight(server, tmp_path, **OTHER_TENANT, **RESTRICTED)
    assert len(server.seen) == 5


@pytest.mark.parametrize(
    ("environ", "fault", "names"),
    [
        ({"EMPORIX_CLIENT_SECRET": "wrong"}, None, ["EMPORIX_CLIENT_SECRET", "401"]),
        ({"EMPORIX_API_URL": "http://127.0.0.1:9"}, None, ["http://127.0.0.1:9", "EMPORIX_API_URL"]),
        ({"EMPORIX_TOKEN_URL": "http://127.0.0.1:9/t"}, None, ["127.0.0.1:9/t", "EMPORIX_TOKEN_URL"]),
        ({}, ("/oauth", Reply(404)), ["404", "EMPORIX_TOKEN_URL"]),
        ({}, ("/oauth", WEB_PAGE), ["web page", "EMPORIX_TOKEN_URL"]),
        ({}, ("/oauth", Reply(400, {"error": "invalid_scope"})), ["scopes", "customer.customer_manage"]),
        ({}, ("customers", Reply(403)), ["403", "customer.customer_read"]),
        ({}, ("customers", Reply(400)), ["400", "EMPORIX_TENANT = acme"]),
        ({}, ("customers", Reply(404)), ["404", "EMPORIX_TENANT = acme"]),
        ({}, ("customers", Reply(500)), ["500", "EMPORIX_API_URL"]),
        ({}, ("customers", Reply(503)), ["503", "cannot be reached"]),
        ({}, ("customers", WEB_PAGE), ["web page", "EMPORIX_API_URL"]),
        (STATIC_TOKEN, None, ["EMPORIX_ACCESS_TOKEN", "expired or was revoked"]),
        (
            {**RESTRICTED, "EMPORIX_RESTRICTED_CLIENT_SECRET": "no"},
            None,
            ["EMPORIX_RESTRICTED_CLIENT_SECRET"],
        ),
    ],
)
def test_a_failed_preflight_is_one_sentence(
    server: LoopbackTenant,
    tmp_path: Path,
    environ: dict[str, str],
    fault: tuple[str, Reply] | None,
    names: list[str],
) -> None:
    if fault is not None:
        part, reply = fault
        server.faults.append(lambda seen: reply if part in seen.target else None)
    with pytest.raises(PreflightError) as caught:
        run_preflight(server, tmp_path, **environ)
    sentence = str(caught.value)
    assert "\n" not in sentence
    for name in names:
        assert name in sentence, sentence
    assert environ != STATIC_TOKEN or "cannot be reached" not in sentence


@pytest.mark.parametrize("body", [{}, {"access_token": 7}, {"access_token": ""}, ["token"], None], ids=repr)
@pytest.mark.parametrize("status", [200, 201])
def test_a_token_response_without_a_token_fails_its_clause(
    server: LoopbackTenant, tmp_path: Path, body: object, status: int
) -> None:
    server.faults.append(lambda seen: Reply(status, body) if seen.is_token else None)
    with pytest.raises(ContractError) as caught:
        run_preflight(server, tmp_path)
    error = caught.value
    assert clauses()[error.clause].operation == "token"
    assert (error.exchange.operation, error.exchange.status) == ("token", status)
    assert str(error).count("\n") == 0
    assert "secret-one" not in str(error)


def test_a_contract_error_keeps_its_sentence_between_processes(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    server.faults.append(lambda seen: Reply(200, {}) if seen.is_token else None)
    with pytest.raises(ContractError) as caught:
        run_preflight(server, tmp_path)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - from this process
    assert isinstance(copy, TenantError)
    assert str(copy) == str(caught.value)


@pytest.mark.parametrize(("status", "fails"), [(403, True), (404, False)])
def test_a_token_whose_scope_does_not_name_writing_is_tried(
    server: LoopbackTenant, tmp_path: Path, status: int, fails: bool
) -> None:
    server.granted = "tenant=acme customer.customer_read"
    server.faults.append(lambda seen: Reply(status) if seen.method in ("PATCH", "DELETE") else None)
    if fails:
        with pytest.raises(PreflightError, match=r"customer\.customer_manage"):
            run_preflight(server, tmp_path)
    else:
        run_preflight(server, tmp_path)


@pytest.mark.parametrize("reply", [*map(Reply, (206, 400, 403, 500)), Reply(200, {"items": []})], ids=repr)
def test_a_broken_list_is_left_to_the_tests_if_search_works(
    server: LoopbackTenant, tmp_path: Path, reply: Reply
) -> None:
    def fault(seen: Seen) -> Reply | None:
        if seen.method == "GET":
            return reply
        return Reply(200) if seen.path.endswith("/search") else None

    server.faults.append(fault)
    run_preflight(server, tmp_path)


def test_a_broken_list_and_search_are_left_to_the_tests_if_get_works(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    collection = ("/customers", "/search")
    server.faults.append(lambda seen: Reply(500) if seen.path.endswith(collection) else None)
    run_preflight(server, tmp_path)
    assert server.count("GET", "cct-abcde-preflight") == 1
