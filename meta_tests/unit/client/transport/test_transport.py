"""Transport: TLS by a private authority, proxies, IPv6, base paths, and redirects that are never followed.

Mock tenant and gateway are processes of their own, reached over real sockets.
"""

import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from client import Client, ConfigurationError, PreflightError, RetryPolicy, Run, load_settings
from client.lifecycle.preflight import preflight
from client.transport.network import NetworkTransport
from meta_tests.resilience.running_gateway import RunningGateway, running_gateway
from meta_tests.support import mock_server
from meta_tests.support.project_runs import environment, run_suite

RETRY_POLICY = RetryPolicy(deadline=5.0, first_wait=0.005, growth=1.5, longest_wait=0.05, jitter=0.005)

NUMBERS = count(1)


@pytest.fixture(scope="module")
def mock() -> Iterator[dict[str, Any]]:
    with mock_server.running() as ready:
        yield ready


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> str:
    """A certificate and key for the loopback address, signed by the authority."""
    path = tmp_path / "server.pem"
    authority.issue_cert("127.0.0.1", "::1", "localhost").private_key_and_cert_chain_pem.write_to_path(
        str(path)
    )
    return str(path)


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def use(mock: dict[str, Any], url: str, tmp_path: Path) -> None:
    """Assess the tenant at this URL, and create, read and delete a customer."""
    client = Client(
        load_settings(None, mock["environ"] | {"EMPORIX_API_URL": url}),
        Run("abcde", tmp_path),
        retry_policy=RETRY_POLICY,
    )
    try:
        preflight(client)
        name = f"cct-abcde-{next(NUMBERS)}"
        assert client.as_("client").create({"id": name}).status == 201
        assert client.as_("client").get(name).json["id"] == name
        assert client.as_("client").delete(name).status == 202
    finally:
        client.close()


def test_a_private_authority_is_trusted_when_it_is_named(
    mock: dict[str, Any],
    authority: trustme.CA,
    certificate: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with running_gateway(mock["api_url"], "--certificate", certificate) as gate:
        assert gate.url.startswith("https://")
        with pytest.raises(PreflightError, match="SSL_CERT_FILE") as caught:
            use(mock, gate.url, tmp_path)
        assert "\n" not in str(caught.value)
        roots = tmp_path / "roots.pem"
        authority.cert_pem.write_to_path(str(roots))
        monkeypatch.setenv("SSL_CERT_FILE", str(roots))
        use(mock, gate.url, tmp_path)
        assert gate.counts()["requests"] > 4


def test_a_base_path_is_kept(mock: dict[str, Any], tmp_path: Path) -> None:
    with running_gateway(mock["api_url"], "--base-path", "/gateway/v1") as gate:
        assert gate.url.endswith("/gateway/v1")
        use(mock, gate.url, tmp_path)
        run = run_suite(
            tmp_path / "run",
            "tests/reads/test_get.py",
            "tests/writes/test_delete.py",
            "--hypothesis-profile=smoke",
            environ=environment(**mock["environ"] | {"EMPORIX_API_URL": f"{gate.url}/"}),
        )
    assert run.code == 0, run.output


def test_ipv6(mock: dict[str, Any], tmp_path: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("This machine has no IPv6 loopback address.")
    with running_gateway(mock["api_url"], "--host", "::1") as gate:
        assert gate.url.startswith("http://[::1]:")
        use(mock, gate.url, tmp_path)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_for_http_is_used(
    mock: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with running_gateway(mock["api_url"]) as proxy:
        monkeypatch.setenv(name, proxy.url)
        # No host has this name: a response can only come through the proxy.
        use(mock, "http://tenant.invalid:8080", tmp_path)
        assert proxy.counts(trust_env=False)["proxied"] >= 5
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        before = proxy.counts(trust_env=False)["proxied"]
        use(mock, mock["api_url"], tmp_path)
        assert proxy.counts(trust_env=False)["proxied"] == before


def test_a_proxy_for_https_carries_tls_unopened(
    mock: dict[str, Any],
    authority: trustme.CA,
    certificate: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roots = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))
    with (
        running_gateway(mock["api_url"], "--certificate", certificate) as gate,
        running_gateway(mock["api_url"]) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        use(mock, gate.url, tmp_path)
        counts = proxy.counts(trust_env=False)
        assert counts["tunnels"] >= 1
        assert "requests" not in counts, "what goes through the tunnel is not for the proxy to read"


@pytest.mark.parametrize(
    ("no_proxy", "url", "expected"),
    [
        ("", "http://api.example.com", "http://proxy.test:3128"),
        ("*", "http://api.example.com", None),
        ("api.example.com", "http://api.example.com", None),
        ("localhost, .example.com", "http://api.example.com", None),
        ("example.com", "http://api.example.com:8080", None),
        ("example.com:8080", "http://api.example.com:8080", None),
        ("example.com:8081", "http://api.example.com:8080", "http://proxy.test:3128"),
        ("example.com", "http://notexample.com", "http://proxy.test:3128"),
        ("::1", "http://[::1]:8080", None),
        ("", "https://api.example.com", None),
    ],
)
def test_no_proxy_names_hosts_and_domains(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, url: str, expected: str | None
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    network = NetworkTransport()
    assert network._proxy(httpx.URL(url)) == expected
    network.close()


@pytest.mark.parametrize("proxy", ["ftp://proxy.test", "http://proxy.test:port"])
def test_a_proxy_that_cannot_be_used_is_a_mistake_of_the_configuration(
    mock: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ConfigurationError, match="correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY") as caught:
        use(mock, mock["api_url"], tmp_path)
    assert "\n" not in str(caught.value)


def test_a_redirect_is_an_answer_and_the_token_goes_nowhere(mock: dict[str, Any], tmp_path: Path) -> None:
    with (
        running_gateway(mock["api_url"]) as elsewhere,
        running_gateway(mock["api_url"], "--redirect", elsewhere.url) as gate,
    ):
        client = client_of(mock, gate, tmp_path)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            path = "/customer/mockstore/customers" + ("" if method in ("GET", "POST") else "/cct-abcde-1")
            json = {"id": "cct-abcde-1"} if method in ("POST", "PUT") else {}
            exchange = client.send(method, path, operation="other", json=json)
            assert exchange.status == 307
            assert (exchange.header("Location") or "").startswith(elsewhere.url)
        client.close()
        assert elsewhere.counts().get("requests", 0) == 0


def test_a_redirected_tenant_is_reported_before_the_first_test(mock: dict[str, Any], tmp_path: Path) -> None:
    with running_gateway(mock["api_url"], "--redirect", "http://127.0.0.1:9") as gate:
        client = client_of(mock, gate, tmp_path)
        with pytest.raises(PreflightError, match="307"):
            preflight(client)
        client.close()


def test_a_token_endpoint_that_redirects_gets_no_second_chance_to_see_the_secret(
    mock: dict[str, Any], tmp_path: Path
) -> None:
    with (
        running_gateway(mock["api_url"]) as elsewhere,
        running_gateway(mock["api_url"], "--redirect", elsewhere.url) as gate,
    ):
        environ = mock["environ"] | {"EMPORIX_API_URL": gate.url, "EMPORIX_TOKEN_URL": f"{gate.url}/token"}
        client = Client(load_settings(None, environ), Run("abcde", tmp_path), retry_policy=RETRY_POLICY)
        with pytest.raises(PreflightError, match="307"):
            preflight(client)
        client.close()
        assert elsewhere.counts().get("requests", 0) == 0


def test_the_gateway_itself_answers_as_the_tenant_does(mock: dict[str, Any]) -> None:
    with running_gateway(mock["api_url"]) as gate:
        path = "/customer/mockstore/customers"
        straight, through = (httpx.get(f"{url}{path}") for url in (mock["api_url"], gate.url))
        assert (straight.status_code, straight.content) == (through.status_code, through.content)
        assert gate.counts()["requests"] == 1


def client_of(mock: dict[str, Any], gate: RunningGateway, tmp_path: Path) -> Client:
    """A client that reaches the mock through a gateway."""
    environ = mock["environ"] | {"EMPORIX_API_URL": gate.url}
    return Client(load_settings(None, environ), Run("abcde", tmp_path), retry_policy=RETRY_POLICY)
