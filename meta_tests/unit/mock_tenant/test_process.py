"""The process of a mock tenant: ready line, termination, invalid arguments and speed."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from meta_tests.support import mock_server
from meta_tests.unit.mock_tenant.recorder import TenantRecorder, TranscriptMismatch, create_body
from mock_tenant.configuration import ConfigurationError, read_configuration
from mock_tenant.registry import VARIATIONS


def test_the_ready_line_has_everything_that_a_suite_needs() -> None:
    with mock_server.running("--variation", "created-inactive", "--defect", "list-has-no-count") as ready:
        assert ready["api_url"] == ready["environ"]["EMPORIX_API_URL"]
        assert set(ready["environ"]) == {
            "EMPORIX_API_URL",
            "EMPORIX_TENANT",
            "EMPORIX_CLIENT_ID",
            "EMPORIX_CLIENT_SECRET",
            "EMPORIX_RESTRICTED_CLIENT_ID",
            "EMPORIX_RESTRICTED_CLIENT_SECRET",
            "EMPORIX_OTHER_TENANT",
            "EMPORIX_OTHER_CLIENT_ID",
            "EMPORIX_OTHER_CLIENT_SECRET",
        }
        assert ready["tenant_config"]["tenant"]["active_on_creation"] is False
        os.kill(ready["pid"], 0)
        with mock_server.customers(ready) as tenant:
            tenant.post("/customers", json={"id": "one"})
            assert tenant.get("/customers/one").json()["active"] is False
            assert "count" not in tenant.get("/customers").headers
    with pytest.raises(httpx.ConnectError):
        httpx.get(ready["api_url"])


def test_a_window_of_the_tenant_config_precedes_that_of_a_variation(tmp_path: Path) -> None:
    file = tmp_path / "tenant.toml"
    file.write_text("[consistency]\nread = 2.0\nindex = 0.0\n", encoding="utf-8")
    options = ("--variation", "late-reads", "--variation", "eventual-lists", "--tenant-config", str(file))
    with mock_server.running(*options) as ready:
        windows = ready["tenant_config"]["consistency"]
    assert windows["read"] == 2.0
    assert 0 < windows["index"] < 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "x"], "argument --port: x is not a port; use a number from 0 to 65535."),
        ([], "the option --port is missing; use --port 0 for any free port."),
        (["--port", "0", "--defect", "no"], "There is no defect named no; --list shows their names."),
        (["--port", "0", "--variation", "no"], "There is no variation named no; --list shows their names."),
        (
            ["--port", "0", "--request-log", "missing/log"],
            "missing/log cannot be written (No such file or directory); name another file.",
        ),
        (["--port", "0", "--nonsense"], "unrecognized arguments: --nonsense"),
        (
            ["--port", "0", "--tenant-config", "missing.toml"],
            "missing.toml cannot be read (No such file or directory); name a readable file.",
        ),
        (
            ["--port", "0", "--contract-config", "tenant.toml"],
            "--contract-config is now named --tenant-config; use --tenant-config.",
        ),
        (
            ["--contract-config=tenant.toml"],
            "--contract-config is now named --tenant-config; use --tenant-config.",
        ),
        (
            ["--contract-config"],
            "--contract-config is now named --tenant-config; use --tenant-config.",
        ),
    ],
)
def test_wrong_usage_exits_with_2_and_one_sentence(options: list[str], sentence: str) -> None:
    command = [sys.executable, "-m", "mock_tenant", *options]
    process = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (process.returncode, process.stdout, process.stderr) == (2, "", f"mock_tenant: {sentence}\n")


def test_a_port_in_use_is_reported_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        process = subprocess.run(
            [sys.executable, "-m", "mock_tenant", "--port", str(port)], capture_output=True, text=True
        )
    assert process.returncode == 2
    assert process.stderr.startswith(f"mock_tenant: Port {port} of 127.0.0.1 cannot be used")
    assert process.stderr.count("\n") == 1


def test_the_list_has_defects_by_clause_and_variations() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "mock_tenant", "--list"], capture_output=True, text=True
    ).stdout
    assert (
        "create.status.created\n  create-answers-200-for-201: Create returns 200 instead of 201.\n" in listing
    )
    assert all(f"\n  {name}: {variation.description}\n" in listing for name, variation in VARIATIONS.items())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tenant = 1", "has the unknown table tenant"),
        (
            "[nonsense]\n",
            "has the unknown table nonsense; use the tables [tenant], [consistency], [rate_limit]",
        ),
        ("[tenant]\nrestriction = []", "has the unknown key restriction in [tenant]"),
        ("[tenant]\nrecreate_deleted = 1", "recreate_deleted of [tenant] must be true or false."),
        ("[consistency]\nread = -1", "read of [consistency] must be a number that is not negative."),
        ("[tenant]\nrestrictions = [1]", "restrictions of [tenant] must be a list of names."),
        ("[tenant", "is not TOML"),
    ],
)
def test_an_invalid_tenant_toml_is_rejected_with_the_key(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "tenant.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_configuration(path)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value).strip()


def test_the_tenant_config_of_the_ready_line_is_a_valid_tenant_toml(tmp_path: Path) -> None:
    configuration = read_configuration()
    lines: list[str] = []
    for table, keys in configuration.tenant_config().items():
        # Lists of strings, numbers and booleans have the same syntax in JSON and TOML.
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    path = tmp_path / "tenant.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_configuration(path) == configuration


def test_ten_thousand_customers_are_listed_quickly() -> None:
    async def measure() -> float:
        tenant = TenantRecorder()
        for number in range(10_000):
            await tenant.request("POST", "", create_body(f"c{number}", lastName=f"{number * 7919 % 10_000}"))
        for sort in ("", "lastName:desc"):
            await tenant.request("GET", q="firstName:exists", sort=sort)
        started = time.process_time()
        await tenant.request("GET", pageSize=60, pageNumber=5)
        return time.process_time() - started

    assert asyncio.run(measure()) < 0.03


def test_recreation_and_synchronization_follow_the_configuration() -> None:
    async def scenario(tenant: TenantRecorder) -> None:
        await tenant.request("POST", "", {"id": "one", "preferredSite": "DE"})
        assert (await tenant.request("GET", "/one"))["restriction"] == "DE"
        assert (await tenant.request("GET", "/one", grant="restricted"))["id"] == "one"
        await tenant.request("DELETE", "/one")
        assert await tenant.request("POST", "", {"id": "one"}) == {"id": "one"}

    tenant_config = {"recreate_deleted": True, "sync_restrictions_with_sites": True}
    asyncio.run(scenario(TenantRecorder(tenant_config=tenant_config)))


def test_a_recorder_stops_at_the_first_mismatch() -> None:
    with pytest.raises(TranscriptMismatch):
        asyncio.run(TenantRecorder(reference=["something else"]).request("GET"))


def test_a_client_that_disconnects_within_a_request_causes_no_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with mock_server.running() as ready:
        address = httpx.URL(ready["api_url"])
        with socket.create_connection((address.host, address.port or 80), timeout=5) as connection:
            connection.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: mock\r\nContent-Length: 99\r\n\r\ngrant")
        assert mock_server.token(ready).status_code == 200
    assert capfd.readouterr().err == ""
