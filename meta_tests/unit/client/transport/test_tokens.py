"""TokenProvider: requested with the right form, shared between threads, refreshed in time, and once after a 401."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Client, Run, ServiceUnavailable, TokenError, load_settings
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant, times

OTHERS = {
    "EMPORIX_RESTRICTED_CLIENT_ID": "id-2",
    "EMPORIX_RESTRICTED_CLIENT_SECRET": "secret-two",
    "EMPORIX_OTHER_TENANT": "other",
    "EMPORIX_OTHER_CLIENT_ID": "id-3",
    "EMPORIX_OTHER_CLIENT_SECRET": "secret-three",
}


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


def make_client(server: LoopbackTenant, tmp_path: Path, **more: str) -> Client:
    environ = {**server.environ(), **more}
    return Client(load_settings(None, {k: v for k, v in environ.items() if v}), Run("abcde", tmp_path))


def test_the_form_of_each_identity(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path, **OTHERS)
    read, manage = "customer.customer_read", "customer.customer_manage"
    scopes = {
        "client": f"tenant=acme {read} {manage}",
        "reader": f"tenant=acme {read}",
        "writer": f"tenant=acme {manage}",
        "configuration": "tenant=acme configuration.configuration_view",
        "restricted": "tenant=acme",
        "other": f"tenant=other {read} {manage}",
    }
    assert client.identities() == {*scopes, "anonymous"}
    for identity, scope in scopes.items():
        client.tokens.get(identity)
        form = server.seen[-1].form
        assert form["scope"] == scope
        assert form["grant_type"] == "client_credentials"
        assert set(form) == {"grant_type", "client_id", "client_secret", "scope"}
    client.close()


def test_parallel_callers_share_one_request(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path)
    statuses = in_threads(8, lambda: client.as_("client").list().status)
    assert statuses == [200] * 8
    assert server.tokens == 1
    client.close()


def test_parallel_callers_share_the_renewal_after_a_401(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path)
    client.as_("client").list()
    server.faults.append(
        lambda seen: Reply(401) if seen.headers.get("authorization") == "Bearer token-number-1" else None
    )
    assert in_threads(8, lambda: client.as_("client").list().status) == [200] * 8
    assert server.tokens == 2
    client.close()


def test_a_token_is_renewed_before_it_expires(server: LoopbackTenant, tmp_path: Path) -> None:
    server.life = 0.05
    client = make_client(server, tmp_path)
    client.as_("client").list()
    threading.Event().wait(0.06)
    client.as_("client").list()
    assert server.tokens == 2
    client.close()


@pytest.mark.parametrize("life", [None, "soon", -5, 0, True])
def test_a_malformed_lifetime_does_not_request_a_token_each_time(
    server: LoopbackTenant, tmp_path: Path, life: object
) -> None:
    server.life = life if life is not True else 1
    client = make_client(server, tmp_path)
    client.as_("client").list()
    client.as_("client").list()
    assert server.tokens == 1
    client.close()


def test_a_401_in_spite_of_a_new_token_is_the_response_of_the_tenant(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    client = make_client(server, tmp_path)
    server.faults.append(lambda seen: Reply(401) if seen.method == "GET" else None)
    assert [client.as_("client").list().status for _ in range(4)] == [401] * 4
    assert server.tokens == 2
    assert server.count("GET") == 5
    client.close()


def test_a_given_authorization_is_sent_as_given_and_never_renewed(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    client = make_client(server, tmp_path)
    assert client.as_("client").list(authorization="Bearer nonsense").status == 401
    assert client.as_("client").list(authorization=None).status == 401
    assert client.as_("anonymous").list().status == 401
    assert [seen.headers.get("authorization") for seen in server.seen] == ["Bearer nonsense", None, None]
    client.close()


def test_a_static_token_is_the_only_one(server: LoopbackTenant, tmp_path: Path) -> None:
    only = {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": "", "EMPORIX_ACCESS_TOKEN": "token-static"}
    client = make_client(server, tmp_path, **only)
    assert client.identities() == {"client", "anonymous"}
    assert client.as_("client").list().status == 200
    assert server.tokens == 0
    with pytest.raises(ValueError, match="reader"):
        client.as_("reader").list()
    client.close()


def test_a_wrong_secret_is_an_error_without_the_secret(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path, EMPORIX_CLIENT_SECRET="wrong-secret")
    with pytest.raises(TokenError) as caught:
        client.as_("client").list()
    assert (caught.value.status, caught.value.code) == (401, "invalid_client")
    assert "wrong-secret" not in str(caught.value)
    client.close()


def test_a_secret_that_resembles_the_right_one_is_shown_nowhere(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    client = make_client(server, tmp_path, EMPORIX_CLIENT_SECRET="Right-Secret")
    client.tokens.request(client.tokens.form("client") | {"client_secret": "rIGHT-sECRET"})
    assert client.redactor.text("Right-Secret rIGHT-sECRET") == "[redacted] [redacted]"
    client.close()


def test_the_token_endpoint_may_be_down_for_a_moment(server: LoopbackTenant, tmp_path: Path) -> None:
    def token(seen: Seen) -> bool:
        return seen.is_token

    server.faults += [times(1, Reply(503), token), times(1, Reply(drop=True), token)]
    server.faults.append(times(1, Reply(429, headers={"Retry-After": "0"}), token))
    client = make_client(server, tmp_path)
    assert client.as_("client").list().status == 200
    client.close()


def test_no_exchange_with_the_token_endpoint_shows_a_secret(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path)
    client.as_("client").list()
    shown = "".join(str(one.as_json()) + one.as_curl() + repr(one) for one in client.recorder.since(0))
    assert "secret-one" not in shown
    assert "token-number-1" not in shown
    assert len(client.recorder.since(0)) == 2
    client.close()


def in_threads(number: int, work: object) -> list[int]:
    assert callable(work)
    results: list[int] = []
    barrier = threading.Barrier(number)

    def one() -> None:
        barrier.wait()
        results.append(work())

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_client_that_loses_its_key_in_mid_run_ends_the_run(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path)
    client.as_("client").list()
    server.faults.append(
        lambda seen: Reply(401) if seen.headers.get("authorization") == "Bearer token-number-1" else None
    )
    server.faults.append(times(1, Reply(401), lambda seen: seen.is_token))
    assert client.as_("client").list().status == 200, (
        "one rejection does not end the run of a client that had a token"
    )
    server.faults.append(
        lambda seen: Reply(401) if seen.is_token or "token-number" in seen.headers["authorization"] else None
    )
    with pytest.raises(ServiceUnavailable, match="It gave one before"):
        client.as_("client").list()
    client.close()


def test_a_static_token_has_expired_only_where_list_and_search_reject_it(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    only = {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": "", "EMPORIX_ACCESS_TOKEN": "token-static"}
    client = make_client(server, tmp_path, **only)
    server.faults.append(lambda seen: Reply(401) if seen.path.endswith("/x") else None)
    assert [client.as_("client").get("x").status for _ in range(3)] == [401] * 3, "the tenant's response"
    assert server.count("GET") == 4, "one look was enough"
    server.faults.append(lambda seen: Reply(401))  # noqa: ARG005 - every request
    with pytest.raises(ServiceUnavailable, match="EMPORIX_ACCESS_TOKEN is not accepted any more"):
        client.as_("client").list()
    client.close()
