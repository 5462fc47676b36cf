"""`python -m client.sweep`: finds and deletes what earlier runs left behind."""

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from client import Client
from client.sweep import main
from meta_tests.support.loopback_client import FAST_RETRIES, create_customer, make_client
from meta_tests.support.loopback_tenant import LoopbackTenant, loopback_tenant

FOREIGN = ("acme", "foreign")


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        server.customers[FOREIGN] = {"id": "foreign", "contactEmail": "foreign@example.com"}
        yield server


@dataclass(frozen=True)
class Completed:
    """The exit code of a sweep and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def sweep(
    server: LoopbackTenant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Completed]:
    monkeypatch.setattr("client.sweep.Client", functools.partial(Client, retry_policy=FAST_RETRIES))

    def run(*arguments: str, **environ: str) -> Completed:
        code = main(arguments, {**server.environ(), **environ})
        printed = capsys.readouterr()
        return Completed(code, printed.out, printed.err)

    return run


@pytest.mark.parametrize(("arguments", "code"), [(["--run", "abcde"], 6), (["--older-than", "soon"], 4)])
def test_a_sweep_is_a_command_without_a_traceback(
    server: LoopbackTenant, tmp_path: Path, arguments: list[str], code: int
) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("EMPORIX_")}
    completed = subprocess.run(
        [sys.executable, "-m", "client.sweep", "--report-dir", str(tmp_path), *arguments],
        env={**environ, **server.environ(), "EMPORIX_CLIENT_SECRET": "wrong"},
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert completed.returncode == code
    assert completed.stderr
    assert "Traceback" not in completed.stderr


def test_a_sweep_finds_what_a_killed_run_left(
    server: LoopbackTenant, tmp_path: Path, sweep: Callable[..., Completed]
) -> None:
    client = make_client(server, tmp_path)
    for number in range(3):
        create_customer(client, number)
    client.close()
    client.ledger.path.write_bytes(client.ledger.path.read_bytes()[:-9])
    server.customers["acme", "unrecorded"] = {"id": "unrecorded", "contactEmail": "cct-abcde-9@example.com"}
    dry_run = sweep("--report-dir", str(tmp_path), "--dry-run")
    assert (dry_run.returncode, dry_run.stderr) == (0, "")
    assert "would delete 4 customers" in dry_run.stdout
    assert len(server.customers) == 5
    completed = sweep("--report-dir", str(tmp_path))
    assert (completed.returncode, completed.stderr) == (0, "")
    assert "deleted 4 customers, 0 left" in completed.stdout
    assert set(server.customers) == {FOREIGN}
    again = sweep("--report-dir", str(tmp_path))
    assert "deleted 0 customers, 0 left" in again.stdout


def test_a_customer_whose_deletion_got_no_response_is_not_counted(
    server: LoopbackTenant, tmp_path: Path, sweep: Callable[..., Completed]
) -> None:
    """The run was killed before it could record that the customer is deleted."""
    client = make_client(server, tmp_path)
    ids = [create_customer(client, number) for number in range(3)]
    client.close()
    del server.customers["acme", ids[0]]
    dry_run = sweep("--report-dir", str(tmp_path), "--dry-run")
    assert "would delete 2 customers" in dry_run.stdout
    completed = sweep("--report-dir", str(tmp_path))
    assert "deleted 2 customers, 0 left" in completed.stdout
    assert set(server.customers) == {FOREIGN}


def test_a_ledger_of_the_first_edition_is_swept(
    server: LoopbackTenant, tmp_path: Path, sweep: Callable[..., Completed]
) -> None:
    """A confirmed customer whose id does not show its run, and one whose create got no response."""
    events: list[dict[str, Any]] = [
        {"event": "run", "run": "abcde", "api_url": server.url, "tenant": "acme", "other_tenant": None},
        {"event": "intend", "number": 1, "tenant": "acme", "id": None, "email": None},
        {"event": "created", "number": 1, "id": "5f0c"},
        {"event": "intend", "number": 2, "tenant": "acme", "id": "cct-abcde-2", "email": None},
    ]
    path = tmp_path / "ledger" / "abcde.jsonl"
    path.parent.mkdir()
    path.write_text("".join(f"{json.dumps(event | {'at': 1.5})}\n" for event in events))
    for id in ("5f0c", "cct-abcde-2"):
        server.customers["acme", id] = {"id": id}
    completed = sweep("--report-dir", str(tmp_path))
    assert "Run abcde: deleted 2 customers, 0 left." in completed.stdout
    assert set(server.customers) == {FOREIGN}


def test_a_sweep_selects_its_ledgers(
    server: LoopbackTenant, tmp_path: Path, sweep: Callable[..., Completed]
) -> None:
    client = make_client(server, tmp_path)
    create_customer(client, 1)
    client.close()
    too_new = sweep("--report-dir", str(tmp_path), "--older-than", "1")
    assert "nothing to sweep" in too_new.stdout
    foreign = sweep("--report-dir", str(tmp_path), EMPORIX_TENANT="other")
    assert "1 ledger of another tenant left alone" in foreign.stdout
    assert len(server.customers) == 2
    dry_run = sweep("--report-dir", str(tmp_path / "none"), "--run", "abcde", "--dry-run")
    assert "would delete 1 customer." in dry_run.stdout
    assert not (tmp_path / "none" / "ledger").exists()
    without_ledger = sweep("--report-dir", str(tmp_path / "none"), "--run", "abcde")
    assert "deleted 1 customer, 0 left" in without_ledger.stdout


def test_a_ledger_that_cannot_be_read_is_named(sweep: Callable[..., Completed], tmp_path: Path) -> None:
    (tmp_path / "ledger" / "abcde.jsonl").mkdir(parents=True)
    for arguments in ([], ["--run", "abcde"]):
        completed = sweep("--report-dir", str(tmp_path), *arguments)
        assert completed.returncode == 4
        assert re.fullmatch(r"the ledger [^\n]+abcde.jsonl cannot be read [^\n]+\.\n", completed.stderr)


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "names"),
    [
        ([], {"EMPORIX_TENANT": ""}, 4, ["EMPORIX_TENANT"]),
        (["--tenant-config", "nowhere.toml"], {}, 4, ["nowhere.toml"]),
        (["--contract-config", "contract.toml"], {}, 4, ["--contract-config", "--tenant-config"]),
        (["--run", "abcde"], {"EMPORIX_API_URL": "http://127.0.0.1:9"}, 6, ["cannot be reached"]),
        (["--run", "abcde"], {"EMPORIX_CLIENT_SECRET": "wrong"}, 6, ["EMPORIX_CLIENT_SECRET"]),
    ],
)
def test_a_sweep_that_cannot_start_prints_one_sentence(
    sweep: Callable[..., Completed],
    tmp_path: Path,
    arguments: list[str],
    environ: dict[str, str],
    code: int,
    names: list[str],
) -> None:
    completed = sweep("--report-dir", str(tmp_path), *arguments, **environ)
    assert completed.returncode == code
    assert re.fullmatch(r"[^\n]+\.\n", completed.stderr), completed.stderr
    for name in names:
        assert name in completed.stderr
