"""The ledger: written before the request is sent, readable after a kill, correct when requests overlap."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from client import Ledger, TenantError
from client.lifecycle.ledger import CustomerKey

HEADER = {"run": "abcde", "api_url": "http://127.0.0.1", "tenant": "acme"}
ONE = CustomerKey("acme", "cct-abcde-1")
FIRST_EDITION = """\
{"event": "run", "run": "abcde", "api_url": "http://127.0.0.1", "tenant": "acme", "other_tenant": null, "at": 1.0}
{"event": "intend", "number": 1, "tenant": "acme", "id": "cct-abcde-1", "email": null, "at": 1.1}
{"event": "created", "number": 1, "id": "cct-abcde-1", "at": 1.2}
{"event": "intend", "number": 2, "tenant": "acme", "id": null, "email": "cct-abcde-2@example.com", "at": 1.3}
{"event": "created", "number": 2, "id": "5f0c", "at": 1.4}
{"event": "deleted", "tenant": "acme", "id": "5f0c", "at": 1.5}
{"event": "intend", "number": 3, "tenant": "acme", "id": null, "email": "cct-abcde-3@example.com", "at": 1.6}
{"event": "refused", "number": 3, "at": 1.7}
{"event": "intend", "number": 4, "tenant": "acme", "id": null, "email": "cct-abcde-4@example.com", "at": 1.8}
{"event": "answered", "number": 4, "at": 1.9}
{"event": "intend", "number": 5, "tenant": "acme", "id": null, "email": "cct-abcde-5@example.com", "at": 2.0}
{"event": "lost", "number": 5, "at": 2.1}
{"event": "intend", "number": 6, "tenant": "acme", "id": "cct-abcde-6", "email": null, "at": 2.2}
"""
"""A ledger as the first edition wrote it, of a run that was killed during the last create."""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger.open(tmp_path / "ledger" / "abcde.jsonl", HEADER)) as ledger:
        yield ledger


def create(ledger: Ledger, customer: CustomerKey = ONE) -> None:
    ledger.record_created(ledger.record_intent(customer.tenant, id=customer.id), customer.id)


def test_a_create_is_on_disk_before_record_intent_returns(ledger: Ledger) -> None:
    ledger.record_intent("acme", id="cct-abcde-1", email="cct-abcde-1@example.com")
    events = [json.loads(line) for line in ledger.path.read_text().splitlines()]
    assert [event["event"] for event in events] == ["run", "intend"]
    assert events[1]["id"] == "cct-abcde-1"
    assert events[1]["email"] == "cct-abcde-1@example.com"


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_last_line_loses_only_itself(ledger: Ledger, cut: int) -> None:
    create(ledger)
    ledger.record_intent("acme", email="cct-abcde-2@example.com")
    ledger.close()
    ledger.path.write_bytes(ledger.path.read_bytes()[:-cut])
    again = Ledger(ledger.path)
    assert again.outstanding() == (ONE,)
    assert again.header == HEADER
    again = Ledger.open(ledger.path, HEADER)
    create(again, CustomerKey("acme", "cct-abcde-3"))
    again.close()
    assert Ledger(ledger.path).outstanding() == (ONE, CustomerKey("acme", "cct-abcde-3"))


def test_invalid_lines_are_skipped(ledger: Ledger) -> None:
    create(ledger)
    ledger.close()
    with ledger.path.open("ab") as file:
        file.write(
            b'\n7\n{"event": "created"}\n{"event": "what"}\n\xff\xfe\n{"event": "created", "number": 99}\n'
        )
    assert Ledger(ledger.path).outstanding() == (ONE,)


def test_a_deleted_customer_is_outstanding_only_if_it_is_created_again(ledger: Ledger) -> None:
    create(ledger)
    ledger.record_deleted(ONE, ledger.creation(ONE))
    assert ledger.outstanding() == ()
    assert ledger.ever_created() == (ONE,)
    create(ledger)
    assert ledger.outstanding() == (ONE,)


def test_a_deletion_that_overlaps_a_create_is_not_recorded(ledger: Ledger) -> None:
    create(ledger)
    before_deletion = ledger.creation(ONE)
    create(ledger)
    ledger.record_deleted(ONE, before_deletion)
    assert ledger.outstanding() == (ONE,)
    ledger.record_intent("acme", id=ONE.id)
    ledger.record_deleted(ONE, ledger.creation(ONE))
    assert ledger.outstanding() == (ONE,)


def test_only_creates_without_a_known_outcome_are_unresolved(ledger: Ledger) -> None:
    numbers = [ledger.record_intent("acme", email=f"cct-abcde-{n}@example.com") for n in range(5)]
    ledger.record_created(numbers[0], "x")
    ledger.record_outcome(numbers[1], "refused")
    ledger.record_outcome(numbers[2], "answered")
    ledger.record_outcome(numbers[3], "lost")
    ledger.close()
    again = Ledger(ledger.path)
    assert [create.number for create in again.unresolved()] == numbers[2:]
    assert [create.number for create in again.pending_creates()] == numbers[1:]


def test_a_ledger_of_the_first_edition_is_read(tmp_path: Path) -> None:
    path = tmp_path / "abcde.jsonl"
    path.write_text(FIRST_EDITION, encoding="utf-8")
    for ledger in (Ledger(path), Ledger.open(path, HEADER)):
        assert ledger.header == {**HEADER, "other_tenant": None}
        assert ledger.outstanding() == (ONE,)
        assert ledger.ever_created() == (ONE, CustomerKey("acme", "5f0c"))
        assert [create.number for create in ledger.pending_creates()] == [3, 4, 5, 6]
        assert [create.number for create in ledger.unresolved()] == [4, 5, 6]
    assert ledger.record_intent("acme") == 7
    ledger.close()
    assert path.read_text(encoding="utf-8").startswith(FIRST_EDITION)


def test_compaction_keeps_what_exists_and_counts_what_is_deleted(ledger: Ledger) -> None:
    create(ledger)
    create(ledger, CustomerKey("other", "cct-abcde-2"))
    second = CustomerKey("other", "cct-abcde-2")
    ledger.record_deleted(second, ledger.creation(second))
    ledger.record_outcome(ledger.record_intent("acme"), "lost")
    assert ledger.tenants() == {"acme", "other"}
    ledger.compact()
    assert (ledger.compacted, ledger.ever_created(), ledger.pending_creates()) == (1, (ONE,), ())
    assert ledger.tenants() == {"acme"}


def test_many_threads_write_whole_lines(ledger: Ledger) -> None:
    def work(part: int) -> None:
        for number in range(50):
            create(ledger, CustomerKey("acme", f"cct-abcde-{part}-{number}"))

    threads = [threading.Thread(target=work, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    again = Ledger(ledger.path)
    assert len(again.outstanding()) == 400
    assert again.pending_creates() == ()


def test_the_ledger_of_a_run_in_progress_is_locked(ledger: Ledger) -> None:
    with pytest.raises(TenantError, match="still in progress"):
        Ledger.open(ledger.path, HEADER)
    ledger.close()
    Ledger.open(ledger.path, HEADER).close()


def test_a_ledger_that_is_opened_again_continues(ledger: Ledger) -> None:
    create(ledger)
    ledger.close()
    with closing(Ledger.open(ledger.path, {**HEADER, "tenant": "other"})) as again:
        assert again.header == HEADER
        assert again.outstanding() == (ONE,)
        assert again.record_intent("acme") == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TenantError) as caught:
        Ledger.open(tmp_path / "file" / "abcde.jsonl", HEADER)
    assert "--report-dir" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_takes_over_the_ledgers_of_its_workers(tmp_path: Path) -> None:
    run = Ledger.open(tmp_path / "abcde.jsonl", {"run": "abcde"})
    run.record_created(run.record_intent("store", id="a"), "a")
    for number in (1, 2):
        worker = Ledger.open(tmp_path / f"abcde.{number}.jsonl", {"run": "abcde"})
        worker.record_created(worker.record_intent("store", id=f"w{number}"), f"w{number}")
        worker.record_intent("store", id=f"unknown{number}")
        worker.close()
    with (tmp_path / "abcde.2.jsonl").open("a") as torn:
        torn.write('{"event": "created", "numb')  # killed while it wrote
    run.absorb_workers()
    run.close()
    assert [path.name for path in tmp_path.iterdir()] == ["abcde.jsonl"]
    for ledger in (run, Ledger(tmp_path / "abcde.jsonl")):
        assert sorted(each.id for each in ledger.outstanding()) == ["a", "w1", "w2"]
        assert [each.id for each in ledger.unresolved()] == ["unknown1", "unknown2"]


def test_a_ledger_that_is_opened_again_takes_over_those_of_killed_workers(tmp_path: Path) -> None:
    worker = Ledger.open(tmp_path / "abcde.1.jsonl", {"run": "abcde"})
    worker.record_created(worker.record_intent("store", id="a"), "a")
    worker.close()
    run = Ledger.open(tmp_path / "abcde.jsonl", {"run": "abcde"})
    run.close()
    assert [each.id for each in run.outstanding()] == ["a"]


def test_the_addresses_of_a_customer_are_on_disk_before_and_after_they_are_added(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    ledger = Ledger.open(path, {})
    customer = CustomerKey("acme", "one")
    ledger.record_created(ledger.record_intent("acme", id="one"), "one")
    ledger.record_address(customer, None)
    assert Ledger(path).addresses() == {customer: frozenset()}
    ledger.record_address(customer, "home")
    assert Ledger(path).addresses() == {customer: {"home"}} == ledger.addresses()
    ledger.record_deleted(customer, ledger.creation(customer))
    ledger.compact()
    assert ledger.addresses() == {}
    ledger.close()
