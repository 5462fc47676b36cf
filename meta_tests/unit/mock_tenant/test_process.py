"""The process around the tenant: its ready line, its end, bad arguments, and its pace."""

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
from meta_tests.unit.mock_tenant.scenes import HeardError, Stage, body
from mock_tenant.configuration import ConfigurationError, read_configuration
from mock_tenant.registry import VARIATIONS


def test_the_ready_line_says_all_that_a_suite_needs() -> None:
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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "x"], "argument --port: x is no port; use a number from 0 to 65535."),
        ([], "the option --port is missing; use --port 0 for any free port."),
        (["--port", "0", "--defect", "no"], "There is no defect named no; --list shows their names."),
        (["--port", "0", "--variation", "no"], "There is no variation named no; --list shows their names."),
        (["--port", "0", "--nonsense"], "unrecognized arguments: --nonsense"),
        (
            ["--port", "0", "--tenant-config", "missing.toml"],
            "missing.toml cannot be read (No such file or directory); name a readable file.",
        ),
    ],
)
def test_bad_arguments_are_answered_in_one_sentence(options: list[str], sentence: str) -> None:
    ended = subprocess.run([sys.executable, "-m", "mock_tenant", *options], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"mock_tenant: {sentence}\n")


def test_a_port_in_use_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "mock_tenant", "--port", str(port)], capture_output=True, text=True
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"mock_tenant: Port {port} of 127.0.0.1 cannot be used")
    assert ended.stderr.count("\n") == 1


def test_the_list_names_defects_by_clause_and_variations() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "mock_tenant", "--list"], capture_output=True, text=True
    ).stdout
    assert (
        "create.status.created\n  create-answers-200-for-201: Create answers 200 where 201 is promised.\n"
        in told
    )
    assert all(f"\n  {name}: {varied.difference}\n" in told for name, varied in VARIATIONS.items())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tenant = 1", "does not know tenant"),
        ("[nonsense]\n", "does not know nonsense; use the tables [tenant], [consistency], [rate_limit]"),
        ("[tenant]\nrestriction = []", "does not know the key restriction of [tenant]"),
        ("[tenant]\nrecreate_deleted = 1", "recreate_deleted of [tenant] must be true or false."),
        ("[consistency]\nread = -1", "read of [consistency] must be a number that is not negative."),
        ("[tenant]\nrestrictions = [1]", "restrictions of [tenant] must be a list of names."),
        ("[tenant", "is not TOML"),
    ],
)
def test_a_contract_that_cannot_be_used_is_refused_by_its_key(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "tenant.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        read_configuration(path)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value).strip()


def test_the_contract_of_the_ready_line_reads_back(tmp_path: Path) -> None:
    known = read_configuration()
    lines: list[str] = []
    for table, keys in known.tenant_config().items():
        # What JSON and TOML write alike is all that there is: lists of texts, numbers, true and false.
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    path = tmp_path / "tenant.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_configuration(path) == known


def test_ten_thousand_customers_are_listed_quickly() -> None:
    async def scene() -> float:
        stage = Stage()
        for number in range(10_000):
            await stage.ask("POST", "", body(f"c{number}", lastName=f"{number * 7919 % 10_000}"))
        for sort in ("", "lastName:desc"):
            await stage.ask("GET", q="firstName:exists", sort=sort)
        begin = time.process_time()
        await stage.ask("GET", pageSize=60, pageNumber=5)
        return time.process_time() - begin

    assert asyncio.run(scene()) < 0.03


def test_recreation_and_synchronisation_follow_the_configuration() -> None:
    async def scene(stage: Stage) -> None:
        await stage.ask("POST", "", {"id": "one", "preferredSite": "DE"})
        assert (await stage.ask("GET", "/one"))["restriction"] == "DE"
        assert (await stage.ask("GET", "/one", who="restricted"))["id"] == "one"
        await stage.ask("DELETE", "/one")
        assert await stage.ask("POST", "", {"id": "one"}) == {"id": "one"}

    asyncio.run(scene(Stage(tenant_config={"recreate_deleted": True, "sync_restrictions_with_sites": True})))


def test_a_stage_compares_as_it_goes() -> None:
    with pytest.raises(HeardError):
        asyncio.run(Stage(against=["something else"]).ask("GET"))


def test_whoever_hangs_up_in_mid_request_is_no_fault_of_the_tenant(capfd: pytest.CaptureFixture[str]) -> None:
    with mock_server.running() as ready:
        address = httpx.URL(ready["api_url"])
        with socket.create_connection((address.host, address.port or 80), timeout=5) as caller:
            caller.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: mock\r\nContent-Length: 99\r\n\r\ngrant")
        assert mock_server.token(ready).status_code == 200
    assert capfd.readouterr().err == ""
