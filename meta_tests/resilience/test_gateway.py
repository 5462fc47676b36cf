"""RateLimiter, weather and tokens behind a real gateway: what it does to a client, and to whole runs of the suite."""

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
from meta_tests.resilience.gateway import BAD, SILENCE, Standing, standing
from meta_tests.support import mock_server
from meta_tests.support.project_runs import Ended, ended, environment

HASTY = RetryPolicy(first_wait=0.005, growth=1.5, longest_wait=0.02)
NARROW = ("tests/reads/test_get.py", "tests/writes/test_delete.py", "tests/histories/test_consistency.py")
NOT_ASSESSED = 6


@pytest.fixture(scope="module")
def mock() -> Iterator[dict[str, Any]]:
    with mock_server.running() as ready:
        yield ready


@pytest.fixture(scope="module")
def mock_of_short_tokens() -> Iterator[dict[str, Any]]:
    with mock_server.running("--variation", "short-tokens") as ready:
        yield ready


def asking(
    mock: dict[str, Any],
    gate: Standing,
    tmp_path: Path,
    *,
    tenant_config: str = "",
    wire: NetworkTransport | None = None,
    patience: RetryPolicy = HASTY,
) -> Client:
    """A client that asks the mock through the gateway."""
    file = tmp_path / "asking.toml"
    file.write_text(tenant_config, encoding="utf-8")
    settings = load_settings(file, mock["environ"] | {"EMPORIX_API_URL": gate.url})
    return Client(settings, Run("abcde", tmp_path), patience=patience, wire=wire)


def in_threads(number: int, work: Callable[[], None]) -> None:
    """Do the work on so many threads."""
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(mock: dict[str, Any], gate: Standing, tmp_path: Path, *arguments: str, **environ: str) -> Ended:
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
    return ended(tmp_path / "reports", option, *arguments, environ=environment(**variables))


def verdicts(folder: Path) -> Counter[str]:
    """How many clauses have each verdict."""
    report = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
    return Counter(each["verdict"] for each in report["clauses"])


# -- pace ----------------------------------------------------------------------------------------------


def test_requests_per_second_holds_over_all_threads(mock: dict[str, Any], tmp_path: Path) -> None:
    with standing(mock["api_url"]) as gate:
        client = asking(mock, gate, tmp_path, tenant_config="[rate_limit]\nrequests_per_second = 40")
        began = time.monotonic()
        in_threads(4, lambda: [client.list(page_size=1) for _ in range(20)] and None)
        elapsed = time.monotonic() - began
        client.close()
        told = gate.told()
    assert told["requests"] == 81, "with the token"
    assert elapsed >= 79 / 40
    assert told["most in a second"] <= 60, (
        "half as many again, for a busy machine; unpaced, all come in one second"
    )


@pytest.mark.parametrize("tell", ["seconds", "date", ""])
def test_few_requests_are_refused_whatever_the_refusal_says(
    mock: dict[str, Any], tmp_path: Path, tell: str
) -> None:
    with standing(mock["api_url"], "--limit", "60", *(["--tell", tell] if tell else [])) as gate:
        client = asking(mock, gate, tmp_path, patience=RetryPolicy())
        statuses: list[int] = []
        in_threads(4, lambda: statuses.extend(client.list(page_size=1).status for _ in range(50)))
        client.close()
        told = gate.told()
    assert statuses == [200] * 200
    assert 1 <= told["429"] <= 0.05 * 200


# -- weather -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BAD)
def test_reading_outlasts_every_kind_of_fault(mock: dict[str, Any], tmp_path: Path, kind: str) -> None:
    with standing(mock["api_url"], "--faults", "0.3", "--kinds", kind) as gate:
        client = asking(mock, gate, tmp_path, patience=RetryPolicy(tries=8, first_wait=0.005, growth=1.2))
        assert [client.list(page_size=1).status for _ in range(15)] == [200] * 15
        client.close()
        assert gate.told()[kind] >= 2


def test_silence_and_a_trickle_end_in_time(mock: dict[str, Any], tmp_path: Path) -> None:
    for kind, wire in (
        (SILENCE, NetworkTransport(timeout=httpx.Timeout(0.1))),
        ("slow-body", NetworkTransport(longest_answer=0.05)),
    ):
        with standing(mock["api_url"], "--faults", "1", "--kinds", kind) as gate:
            client = asking(mock, gate, tmp_path, wire=wire)
            began = time.monotonic()
            # The token endpoint is as silent as the rest, and whoever waits for a token must not wait for ever.
            with pytest.raises(TransientError, match=r"within the time allowed|took longer"):
                client.list(page_size=1)
            assert time.monotonic() - began < 10
            client.close()


def test_a_run_in_bad_weather_is_green(mock: dict[str, Any], tmp_path: Path) -> None:
    with standing(mock["api_url"], "--faults", "0.05", "--seed", "4") as gate:
        ran = run(mock, gate, tmp_path, *NARROW)
        told = gate.told()
    assert ran.code == 0, ran.said
    assert sum(told.get(kind, 0) for kind in BAD) >= 5
    found = verdicts(ran.folder)
    assert (found["fail"], found["error"]) == (0, 0), ran.said
    data = json.loads((ran.folder / "conformance.json").read_text(encoding="utf-8"))["data"]
    assert data["left"] == 0
    assert data["created"] == data["deleted"] > 20


def test_an_outage_in_mid_run_ends_it_with_what_was_assessed(
    mock: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.plugin.run.Client", partial(Client, patience=HASTY))
    with standing(mock["api_url"], "--outage", "60", "100000") as gate:
        ran = run(mock, gate, tmp_path, *NARROW)
    assert ran.code == NOT_ASSESSED, ran.said
    assert ran.said.count("The tenant stopped answering") == 1
    assert "Traceback" not in ran.said
    found = verdicts(ran.folder)
    assert found["fail"] == 0
    assert found["pass"] > 3, "what was assessed before is reported"


# -- tokens --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "503", "429", "reset"])
def test_short_tokens_of_a_poor_endpoint_are_renewed_once_for_all(
    mock_of_short_tokens: dict[str, Any], tmp_path: Path, fault: str
) -> None:
    poor = ("--token-delay", "0.1", "--bad-tokens", "2", "3", "--token-fault", fault)
    with standing(mock_of_short_tokens["api_url"], *poor) as gate:
        client = asking(mock_of_short_tokens, gate, tmp_path)
        statuses: list[int] = []
        until = time.monotonic() + 4.5

        def work() -> None:
            while time.monotonic() < until:
                statuses.append(client.list(page_size=1).status)

        in_threads(6, work)
        client.close()
        told = gate.told()
    assert set(statuses) == {200}
    assert told["tokens"] in (4, 5), "one at first, and one renewed after 3.2 of 4 seconds, in three attempts"


def static(mock: dict[str, Any]) -> dict[str, str]:
    """The variables with which a run has a token that was issued elsewhere, and nothing else."""
    token = mock_server.token(mock).json()["access_token"]
    return {"EMPORIX_ACCESS_TOKEN": token, "EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": ""}


def test_a_static_token_asks_what_it_can_and_says_what_it_cannot(
    mock: dict[str, Any], tmp_path: Path
) -> None:
    asked = ("tests/access/test_authorization.py", "tests/access/test_tokens.py", "tests/reads/test_get.py")
    with standing(mock["api_url"]) as gate:
        ran = run(mock, gate, tmp_path, *asked, **static(mock))
    assert ran.code == 0, ran.said
    report = json.loads((ran.folder / "conformance.json").read_text(encoding="utf-8"))
    scopes = [each for each in report["clauses"] if each["id"].endswith(".auth.scope")]
    assert {each["verdict"] for each in scopes} == {"skipped"}
    assert all("EMPORIX_CLIENT_ID" in each["reason"] for each in scopes)
    assert {each["verdict"] for each in report["clauses"] if each["id"].endswith(".auth.token-required")} == {
        "pass"
    }
    found = verdicts(ran.folder)
    assert (found["fail"], found["error"]) == (0, 0)


def test_a_static_token_that_expires_accuses_nobody(
    mock_of_short_tokens: dict[str, Any], tmp_path: Path
) -> None:
    mock = mock_of_short_tokens
    with standing(mock["api_url"]) as gate:
        ran = run(mock, gate, tmp_path, "tests", **static(mock))  # which takes longer than the token lives
    assert ran.code == NOT_ASSESSED, ran.said
    assert "EMPORIX_ACCESS_TOKEN is not accepted any more" in ran.said
    assert verdicts(ran.folder)["fail"] == 0
