"""Rate limits, faults and tokens behind a real gateway: the client alone, and whole runs of the suite."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from client import Client, RetryPolicy, Run, TransientError, load_settings
from client.transport.network import NetworkTransport
from meta_tests.resilience.gateway import BAD, SILENCE
from meta_tests.resilience.running_gateway import RunningGateway, running_gateway
from meta_tests.support import mock_server
from meta_tests.support.project_runs import SuiteResult, environment, run_suite

HASTY = RetryPolicy(first_wait=0.005, growth=1.5, longest_wait=0.02)
NARROW = ("tests/reads/test_get.py", "tests/writes/test_delete.py", "tests/histories/test_consistency.py")
NOT_ASSESSED = 6


@pytest.fixture(scope="module")
def mock() -> Iterator[dict[str, Any]]:
    with mock_server.running() as ready:
        yield ready


@pytest.fixture(scope="module")
def mock_of_short_tokens() -> Iterator[dict[str, Any]]:
    """It answers slowly, so that few requests outlast a token."""
    with mock_server.running("--variation=short-tokens", "--variation=slow") as ready:
        yield ready


def make_client(
    mock: dict[str, Any],
    gate: RunningGateway,
    tmp_path: Path,
    *,
    tenant_config: str = "",
    network: NetworkTransport | None = None,
    retry_policy: RetryPolicy = HASTY,
) -> Client:
    """A client that reaches the mock through the gateway."""
    file = tmp_path / "client.toml"
    file.write_text(tenant_config, encoding="utf-8")
    settings = load_settings(file, mock["environ"] | {"EMPORIX_API_URL": gate.url})
    return Client(settings, Run("abcde", tmp_path), retry_policy=retry_policy, network=network)


def in_threads(number: int, work: Callable[[], None]) -> None:
    """Do the work on so many threads."""
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(
    mock: dict[str, Any], gate: RunningGateway, tmp_path: Path, *arguments: str, **environ: str
) -> SuiteResult:
    """A run of the suite against the mock through the gateway."""
    tenant_config = "".join(
        f"[{table}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        for table, keys in mock["tenant_config"].items()
    )
    (tmp_path / "tenant.toml").write_text(tenant_config, encoding="utf-8")
    variables = {
        name: value
        for name, value in (mock["environ"] | {"EMPORIX_API_URL": gate.url} | environ).items()
        if value
    }
    option = f"--tenant-config={tmp_path / 'tenant.toml'}"
    return run_suite(tmp_path / "reports", option, *arguments, environ=environment(**variables))


def verdicts(folder: Path) -> Counter[str]:
    """How many clauses have each verdict."""
    report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    return Counter(each["verdict"] for each in report["clauses"])


# -- rate limits ----------------------------------------------------------------------------------------------


def test_requests_per_second_holds_over_all_threads(mock: dict[str, Any], tmp_path: Path) -> None:
    with running_gateway(mock["api_url"]) as gate:
        client = make_client(mock, gate, tmp_path, tenant_config="[rate_limit]\nrequests_per_second = 40")
        began = time.monotonic()

        def list_repeatedly() -> None:
            for _ in range(20):
                client.as_("client").list(page_size=1)

        in_threads(4, list_repeatedly)
        elapsed = time.monotonic() - began
        client.close()
        counts = gate.counts()
    assert counts["requests"] == 81, "with the token"
    assert elapsed >= 79 / 40
    assert counts["most in a second"] <= 60, (
        "half as many again, for a busy machine; unpaced, all come in one second"
    )


@pytest.mark.parametrize("form", ["seconds", "date", ""])
def test_few_requests_are_rejected_in_each_form_of_retry_after(
    mock: dict[str, Any], tmp_path: Path, form: str
) -> None:
    with running_gateway(
        mock["api_url"], "--limit", "60", *(["--retry-after", form] if form else [])
    ) as gate:
        client = make_client(mock, gate, tmp_path, retry_policy=RetryPolicy())
        statuses: list[int] = []
        in_threads(
            4, lambda: statuses.extend(client.as_("client").list(page_size=1).status for _ in range(50))
        )
        client.close()
        counts = gate.counts()
    assert statuses == [200] * 200
    assert 1 <= counts["429"] <= 0.05 * 200


# -- faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BAD)
def test_a_read_outlasts_every_kind_of_fault(mock: dict[str, Any], tmp_path: Path, kind: str) -> None:
    with running_gateway(mock["api_url"], "--faults", "0.3", "--kinds", kind) as gate:
        client = make_client(
            mock, gate, tmp_path, retry_policy=RetryPolicy(attempts=8, first_wait=0.005, growth=1.2)
        )
        assert [client.as_("client").list(page_size=1).status for _ in range(15)] == [200] * 15
        client.close()
        assert gate.counts()[kind] >= 2


def test_silence_and_a_trickle_end_in_time(mock: dict[str, Any], tmp_path: Path) -> None:
    for kind, network in (
        (SILENCE, NetworkTransport(timeout=httpx.Timeout(0.1))),
        ("slow-body", NetworkTransport(max_seconds=0.05)),
    ):
        with running_gateway(mock["api_url"], "--faults", "1", "--kinds", kind) as gate:
            client = make_client(mock, gate, tmp_path, network=network)
            began = time.monotonic()
            # The token endpoint is as silent as the rest, and a thread that waits for a token must not wait for ever.
            with pytest.raises(TransientError, match=r"within the time allowed|took longer"):
                client.as_("client").list(page_size=1)
            assert time.monotonic() - began < 10
            client.close()


def test_a_run_with_faults_is_green(mock: dict[str, Any], tmp_path: Path) -> None:
    with running_gateway(mock["api_url"], "--faults", "0.05", "--seed", "4") as gate:
        ran = run(mock, gate, tmp_path, *NARROW)
        counts = gate.counts()
    assert ran.code == 0, ran.output
    assert sum(counts.get(kind, 0) for kind in BAD) >= 5
    found = verdicts(ran.folder)
    assert (found["fail"], found["error"]) == (0, 0), ran.output
    data = json.loads((ran.folder / "conformance.json").read_text(encoding="utf-8"))["data"]
    assert data["left"] == 0
    assert data["created"] == data["deleted"] > 20


def test_a_tenant_that_becomes_unavailable_ends_the_run_with_what_was_assessed(
    mock: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.plugin.run.Client", partial(Client, retry_policy=HASTY))
    with running_gateway(mock["api_url"], "--unavailable", "90", "100000") as gate:
        ran = run(mock, gate, tmp_path, *NARROW)
    assert ran.code == NOT_ASSESSED, ran.output
    assert ran.output.count("The tenant stopped answering") == 1
    assert "Traceback" not in ran.output
    found = verdicts(ran.folder)
    assert found["fail"] == 0
    assert found["pass"] > 3, "what was assessed before is reported"


# -- tokens --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "503", "429", "reset"])
def test_short_tokens_of_a_faulty_endpoint_are_refreshed_once_for_all_threads(
    mock_of_short_tokens: dict[str, Any], tmp_path: Path, fault: str
) -> None:
    poor = ("--token-delay", "0.1", "--bad-tokens", "2", "3", "--token-fault", fault)
    with running_gateway(mock_of_short_tokens["api_url"], *poor) as gate:
        client = make_client(mock_of_short_tokens, gate, tmp_path)
        statuses: list[int] = []
        until = time.monotonic() + 4.5

        def work() -> None:
            while time.monotonic() < until:
                statuses.append(client.as_("client").list(page_size=1).status)

        in_threads(6, work)
        client.close()
        counts = gate.counts()
    assert set(statuses) == {200}
    assert counts["tokens"] in (4, 5), (
        "one at first, and one refreshed after 3.2 of 4 seconds, in three attempts"
    )


def static(mock: dict[str, Any]) -> dict[str, str]:
    """The variables with which a run has a token that was issued elsewhere, and nothing else."""
    token = mock_server.token(mock).json()["access_token"]
    return {"EMPORIX_ACCESS_TOKEN": token, "EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": ""}


def test_a_static_token_skips_what_needs_a_client_and_gives_the_reason(
    mock: dict[str, Any], tmp_path: Path
) -> None:
    selected = (
        "tests/access/test_authorization.py",
        "tests/access/test_tokens.py",
        "tests/reads/test_get.py",
    )
    with running_gateway(mock["api_url"]) as gate:
        ran = run(mock, gate, tmp_path, *selected, **static(mock))
    assert ran.code == 0, ran.output
    report = json.loads((ran.folder / "conformance.json").read_text(encoding="utf-8"))
    scopes = [each for each in report["clauses"] if each["id"].endswith(".auth.scope")]
    assert {each["verdict"] for each in scopes} == {"skipped"}
    assert all("EMPORIX_CLIENT_ID" in each["reason"] for each in scopes)
    assert {each["verdict"] for each in report["clauses"] if each["id"].endswith(".auth.token-required")} == {
        "pass"
    }
    found = verdicts(ran.folder)
    assert (found["fail"], found["error"]) == (0, 0)


def test_a_static_token_that_expires_fails_no_clause(
    mock_of_short_tokens: dict[str, Any], tmp_path: Path
) -> None:
    mock = mock_of_short_tokens
    with running_gateway(mock["api_url"]) as gate:
        ran = run(mock, gate, tmp_path, "tests", "-n0", **static(mock))  # takes longer than the token lives
    assert ran.code == NOT_ASSESSED, ran.output
    assert "EMPORIX_ACCESS_TOKEN is not accepted any more" in ran.output
    assert verdicts(ran.folder)["fail"] == 0
