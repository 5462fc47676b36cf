"""Clean-up, preflight and sweep against a tenant over HTTP."""

import functools
import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from client import (
    Client,
    GuardError,
    PreflightError,
    RetryPolicy,
    Run,
    TransientError,
    clean_up,
    load_settings,
)
from client.lifecycle.preflight import preflight
from client.sweep import main
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant, times

PATIENCE = RetryPolicy(deadline=3.0, first_wait=0.005, growth=1.5, longest_wait=0.02, jitter=0.0)
VICTIM = ("acme", "victim")


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        server.customers[VICTIM] = {"id": "victim", "contactEmail": "victim@example.com"}
        yield server


def make(server: LoopbackTenant, tmp_path: Path, tenant_config: str = "", **more: str) -> Client:
    file = tmp_path / "tenant.toml"
    file.write_text(tenant_config)
    environ = {key: value for key, value in {**server.environ(), **more}.items() if value}
    return Client(load_settings(file, environ), Run("abcde", tmp_path), patience=PATIENCE)


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    client = make(server, tmp_path)
    yield client
    client.close()


def create(client: Client, number: int) -> str:
    return str(client.create({"contactEmail": f"cct-abcde-{number}@example.com"}).json["id"])


def test_everything_of_the_run_is_deleted_and_nothing_else(server: LoopbackTenant, client: Client) -> None:
    ids = [create(client, number) for number in range(90)]
    client.delete(ids[0])
    told: list[tuple[int, int]] = []
    before = len(server.seen)
    leftovers = clean_up(client, lambda done, all: told.append((done, all)))
    assert (leftovers.created, leftovers.deleted, leftovers.swept, leftovers.left) == (90, 90, 89, ())
    assert set(server.customers) == {VICTIM}
    assert max(told) == (89, 89)
    assert len(server.seen) - before <= 89 + 10
    assert clean_up(client).swept == 0


def test_a_tenant_that_wants_a_body_to_delete_is_given_one(server: LoopbackTenant, client: Client) -> None:
    create(client, 1)
    server.faults.append(lambda seen: Reply(400) if seen.method == "DELETE" and not seen.body else None)
    assert clean_up(client).left == ()
    assert set(server.customers) == {VICTIM}


def test_a_run_that_made_nothing_asks_nothing(server: LoopbackTenant, client: Client) -> None:
    assert clean_up(client).created == 0
    assert server.seen == []


@pytest.mark.parametrize(
    "reply",
    [Reply(500, act=True), Reply(400, act=True), Reply(drop=True, act=True), Reply(201, {}, act=True)],
    ids=repr,
)
@pytest.mark.parametrize("search_works", [True, False])
def test_what_was_written_with_an_odd_answer_is_found(
    server: LoopbackTenant, client: Client, reply: Reply, search_works: bool
) -> None:
    server.faults.append(times(1, reply, lambda seen: seen.method == "POST" and not seen.is_token))
    if not search_works:
        server.faults.append(lambda seen: Reply(400) if "~" in seen.target or "%7E" in seen.target else None)
    try:
        create_oddly(client)
    except TransientError:
        assert reply.drop
    assert len(server.customers) == 2
    assert clean_up(client).left == ()
    assert set(server.customers) == {VICTIM}


def create_oddly(client: Client) -> None:
    client.create({"contactEmail": "cct-abcde-1@example.com"})


def test_a_deletion_that_did_nothing_is_left_and_said(server: LoopbackTenant, client: Client) -> None:
    id = create(client, 1)
    server.faults.append(lambda seen: Reply(202) if seen.method == "DELETE" else None)
    client.delete(id)
    leftovers = clean_up(client)
    assert [customer.id for customer in leftovers.left] == [id]
    assert (leftovers.created, leftovers.deleted) == (1, 0)


def test_deletions_that_were_accepted_and_lost_are_asked_for_again(
    server: LoopbackTenant, client: Client
) -> None:
    for number in range(5):
        create(client, number)
    turns = itertools.count()
    server.faults.append(
        lambda seen: Reply(202) if seen.method == "DELETE" and next(turns) % 3 == 0 else None
    )
    leftovers = clean_up(client)
    assert (leftovers.created, leftovers.deleted, leftovers.left) == (5, 5, ())


def test_a_tenant_that_gives_somebody_else_for_ours_is_not_believed(
    server: LoopbackTenant, client: Client
) -> None:
    assert client.list().status == 200
    server.faults.append(
        times(1, Reply(201, {"id": "victim"}), lambda seen: seen.method == "POST" and not seen.is_token)
    )
    client.create({"contactEmail": "cct-abcde-1@example.com"})
    with pytest.raises(GuardError):
        client.patch("victim", {"firstName": "changed"})
    create(client, 2)
    assert clean_up(client).left == ()
    assert server.customers == {VICTIM: {"id": "victim", "contactEmail": "victim@example.com"}}


def test_a_deletion_may_take_its_window(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make(server, tmp_path, "[consistency]\ndeletion = 2.0\n")
    id = create(client, 1)
    gone_at: list[float] = []

    def later(seen: Seen) -> Reply | None:
        if seen.method == "DELETE":
            gone_at.append(time.monotonic() + 0.3)
            return Reply(202)
        if gone_at and time.monotonic() > gone_at[0]:
            server.customers.pop(("acme", id), None)
        return None

    server.faults.append(later)
    began = time.monotonic()
    assert clean_up(client).left == ()
    assert time.monotonic() - began < 1.9
    client.close()


@pytest.mark.parametrize(
    "lie",
    [Reply(200, []), Reply(200, [{"id": "victim"}]), Reply(400), Reply(500), Reply(200, {"x": 1})],
    ids=repr,
)
def test_a_list_that_cannot_be_trusted_is_not(server: LoopbackTenant, client: Client, lie: Reply) -> None:
    ids = [create(client, number) for number in range(3)]
    server.faults.append(times(1, Reply(202), lambda seen: seen.method == "DELETE"))
    client.delete(ids[0])
    server.faults.append(lambda seen: lie if seen.method == "GET" and "q=" in seen.target else None)
    assert clean_up(client).left == ()
    assert set(server.customers) == {VICTIM}


def test_an_outage_ends_the_clean_up_soon_and_all_is_left(server: LoopbackTenant, client: Client) -> None:
    for number in range(20):
        create(client, number)
    server.faults.append(lambda _: Reply(503))
    began = time.monotonic()
    leftovers = clean_up(client)
    assert len(leftovers.left) == 20
    assert time.monotonic() - began < 3


def test_the_second_tenant_is_cleaned_by_its_own_client(server: LoopbackTenant, tmp_path: Path) -> None:
    other = {"EMPORIX_OTHER_TENANT": "other", "EMPORIX_OTHER_CLIENT_ID": "id-3"}
    client = make(server, tmp_path, EMPORIX_OTHER_CLIENT_SECRET="secret-three", **other)
    client.create({"id": "cct-abcde-1"}, identity="other")
    assert ("other", "cct-abcde-1") in server.customers
    assert clean_up(client).left == ()
    assert set(server.customers) == {VICTIM}
    client.close()


def test_preflight_is_short(server: LoopbackTenant, tmp_path: Path) -> None:
    more = {
        "EMPORIX_OTHER_TENANT": "other",
        "EMPORIX_OTHER_CLIENT_ID": "id-3",
        "EMPORIX_OTHER_CLIENT_SECRET": "secret-three",
        "EMPORIX_RESTRICTED_CLIENT_ID": "id-2",
        "EMPORIX_RESTRICTED_CLIENT_SECRET": "secret-two",
    }
    client = make(server, tmp_path, **more)
    preflight(client)
    assert len(server.seen) == 5
    client.close()


STATIC = {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": "", "EMPORIX_ACCESS_TOKEN": "stale"}


@pytest.mark.parametrize(
    ("environ", "fault", "names"),
    [
        ({"EMPORIX_CLIENT_SECRET": "wrong"}, None, ["EMPORIX_CLIENT_SECRET", "401"]),
        ({"EMPORIX_API_URL": "http://127.0.0.1:9"}, None, ["http://127.0.0.1:9", "EMPORIX_API_URL"]),
        ({"EMPORIX_TOKEN_URL": "http://127.0.0.1:9/t"}, None, ["127.0.0.1:9/t", "EMPORIX_TOKEN_URL"]),
        ({}, ("/oauth", Reply(404)), ["404", "EMPORIX_TOKEN_URL"]),
        ({}, ("/oauth", Reply(400, {"error": "invalid_scope"})), ["scopes", "customer.customer_manage"]),
        ({}, ("customers", Reply(403)), ["403", "customer.customer_read"]),
        ({}, ("customers", Reply(400)), ["400", "EMPORIX_TENANT = acme"]),
        ({}, ("customers", Reply(404)), ["404", "EMPORIX_TENANT = acme"]),
        ({}, ("customers", Reply(500)), ["500", "EMPORIX_API_URL"]),
        ({}, ("customers", Reply(503)), ["503", "cannot be reached"]),
        (STATIC, None, ["EMPORIX_ACCESS_TOKEN", "expired or was revoked"]),
        (
            {"EMPORIX_RESTRICTED_CLIENT_ID": "id-2", "EMPORIX_RESTRICTED_CLIENT_SECRET": "no"},
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
    client = make(server, tmp_path, **environ)
    with pytest.raises(PreflightError) as caught:
        preflight(client)
    client.close()
    sentence = str(caught.value)
    assert "\n" not in sentence
    for name in names:
        assert name in sentence, sentence
    assert environ != STATIC or "cannot be reached" not in sentence


@pytest.mark.parametrize(("status", "fails"), [(403, True), (404, False)])
def test_a_token_answer_that_names_no_writing_is_tried(
    server: LoopbackTenant, tmp_path: Path, status: int, fails: bool
) -> None:
    server.granted = "tenant=acme customer.customer_read"
    server.faults.append(lambda seen: Reply(status) if seen.method in ("PATCH", "DELETE") else None)
    client = make(server, tmp_path)
    if fails:
        with pytest.raises(PreflightError, match=r"customer\.customer_manage"):
            preflight(client)
    else:
        preflight(client)
    client.close()


@pytest.mark.parametrize("status", [206, 400, 403, 500])
def test_a_list_that_alone_is_broken_does_not_end_the_run(
    server: LoopbackTenant, tmp_path: Path, status: int
) -> None:
    """The tests tell what is wrong with list, as long as search shows that the tenant can be asked."""

    def answered(seen: Seen) -> Reply | None:
        if seen.method == "GET":
            return Reply(status)
        return Reply(200) if seen.path.endswith("/search") else None

    server.faults.append(answered)
    client = make(server, tmp_path)
    preflight(client)
    client.close()


@pytest.fixture(autouse=True)
def _brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.sweep.Client", functools.partial(Client, patience=PATIENCE))


@dataclass(frozen=True)
class Done:
    """How a sweep ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def sweep(server: LoopbackTenant, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    def run(*arguments: str, **more: str) -> Done:
        code = main(arguments, {**server.environ(), **more})
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run


def test_a_sweep_is_a_command_without_a_traceback(server: LoopbackTenant, tmp_path: Path) -> None:
    for arguments, code in ((["--run", "abcde"], 6), (["--older-than", "soon"], 2)):
        done = sweep_as_command(
            server, "--report-dir", str(tmp_path), *arguments, EMPORIX_CLIENT_SECRET="wrong"
        )
        assert done.returncode == code
        assert "Traceback" not in done.stderr


def sweep_as_command(
    server: LoopbackTenant, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("EMPORIX_")}
    return subprocess.run(
        [sys.executable, "-m", "client.sweep", *arguments],
        env={**environ, **server.environ(), **more},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_sweep_finds_what_a_killed_run_left(
    server: LoopbackTenant, tmp_path: Path, sweep: Callable[..., Done]
) -> None:
    client = make(server, tmp_path)
    ids = [create(client, number) for number in range(3)]
    client.close()
    client.ledger.path.write_bytes(client.ledger.path.read_bytes()[:-9])
    server.customers["acme", "stray"] = {"id": "stray", "contactEmail": "cct-abcde-9@example.com"}
    tried = sweep("--report-dir", str(tmp_path), "--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "would delete 4 customers" in tried.stdout
    assert len(server.customers) == 5
    done = sweep("--report-dir", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "deleted 4 customers, 0 left" in done.stdout
    assert set(server.customers) == {VICTIM}
    assert ids
    again = sweep("--report-dir", str(tmp_path))
    assert "deleted 0 customers, 0 left" in again.stdout


def test_a_sweep_chooses_its_ledgers(
    server: LoopbackTenant, tmp_path: Path, sweep: Callable[..., Done]
) -> None:
    client = make(server, tmp_path)
    create(client, 1)
    client.close()
    young = sweep("--report-dir", str(tmp_path), "--older-than", "1")
    assert "nothing to sweep" in young.stdout
    foreign = sweep("--report-dir", str(tmp_path), EMPORIX_TENANT="other")
    assert "1 ledger of another tenant left alone" in foreign.stdout
    assert len(server.customers) == 2
    unknown = sweep("--report-dir", str(tmp_path / "none"), "--run", "abcde")
    assert "deleted 1 customer, 0 left" in unknown.stdout


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "names"),
    [
        ([], {"EMPORIX_TENANT": ""}, 4, ["EMPORIX_TENANT"]),
        (["--tenant-config", "nowhere.toml"], {}, 4, ["nowhere.toml"]),
        (["--run", "abcde"], {"EMPORIX_API_URL": "http://127.0.0.1:9"}, 6, ["cannot be reached"]),
        (["--run", "abcde"], {"EMPORIX_CLIENT_SECRET": "wrong"}, 6, ["EMPORIX_CLIENT_SECRET"]),
    ],
)
def test_a_sweep_that_cannot_is_one_sentence(
    sweep: Callable[..., Done],
    tmp_path: Path,
    arguments: list[str],
    environ: dict[str, str],
    code: int,
    names: list[str],
) -> None:
    done = sweep("--report-dir", str(tmp_path), *arguments, **environ)
    assert done.returncode == code
    assert re.fullmatch(r"[^\n]+\.\n", done.stderr), done.stderr
    for name in names:
        assert name in done.stderr
