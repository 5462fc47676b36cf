"""The ledger: on disk before the request leaves, readable after a kill, right under overlap."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Ledger, TenantError
from client.lifecycle.ledger import Named

HEADER = {"run": "abcde", "api_url": "http://127.0.0.1", "tenant": "acme"}
ONE = Named("acme", "cct-abcde-1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger" / "abcde.jsonl") as ledger:
        ledger.open(HEADER)
        yield ledger


def created(ledger: Ledger, name: Named = ONE) -> None:
    ledger.created(ledger.intend(name.tenant, id=name.id), name.id)


def test_an_intention_is_on_disk_before_intend_returns(ledger: Ledger) -> None:
    ledger.intend("acme", id="cct-abcde-1", email="cct-abcde-1@example.com")
    events = [json.loads(line) for line in ledger.path.read_text().splitlines()]
    assert [event["event"] for event in events] == ["run", "intend"]
    assert events[1]["id"] == "cct-abcde-1"
    assert events[1]["email"] == "cct-abcde-1@example.com"


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_last_line_loses_only_itself(ledger: Ledger, cut: int) -> None:
    created(ledger)
    ledger.intend("acme", email="cct-abcde-2@example.com")
    ledger.close()
    ledger.path.write_bytes(ledger.path.read_bytes()[:-cut])
    again = Ledger.load(ledger.path)
    assert again.outstanding() == (ONE,)
    assert again.header == HEADER
    again.open(HEADER)
    created(again, Named("acme", "cct-abcde-3"))
    again.close()
    assert Ledger.load(ledger.path).outstanding() == (ONE, Named("acme", "cct-abcde-3"))


def test_lines_of_nonsense_are_left_out(ledger: Ledger) -> None:
    created(ledger)
    ledger.close()
    with ledger.path.open("ab") as file:
        file.write(
            b'\n7\n{"event": "created"}\n{"event": "what"}\n\xff\xfe\n{"event": "created", "number": 99}\n'
        )
    assert Ledger.load(ledger.path).outstanding() == (ONE,)


def test_what_was_deleted_is_not_outstanding_and_what_was_created_again_is(ledger: Ledger) -> None:
    created(ledger)
    ledger.deleted("acme", ONE.id, ledger.clock())
    assert ledger.outstanding() == ()
    assert ledger.ever_created() == (ONE,)
    created(ledger)
    assert ledger.outstanding() == (ONE,)
    assert ledger.created_count == 2


def test_a_deletion_that_overlaps_a_creation_is_not_believed(ledger: Ledger) -> None:
    created(ledger)
    deletion_began = ledger.clock()
    created(ledger)
    ledger.deleted("acme", ONE.id, deletion_began)
    assert ledger.outstanding() == (ONE,)
    ledger.intend("acme", id=ONE.id)
    ledger.deleted("acme", ONE.id, ledger.clock())
    assert ledger.outstanding() == (ONE,)


def test_only_intentions_without_a_known_end_are_unresolved(ledger: Ledger) -> None:
    ends = [ledger.intend("acme", email=f"cct-abcde-{n}@example.com") for n in range(5)]
    ledger.created(ends[0], "x")
    ledger.refused(ends[1])
    ledger.answered(ends[2])
    ledger.lost(ends[3])
    ledger.close()
    again = Ledger.load(ledger.path)
    assert [intention.number for intention in again.unresolved()] == ends[2:]


def test_many_threads_write_whole_lines(ledger: Ledger) -> None:
    def work(part: int) -> None:
        for number in range(50):
            created(ledger, Named("acme", f"cct-abcde-{part}-{number}"))

    threads = [threading.Thread(target=work, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    again = Ledger.load(ledger.path)
    assert len(again.outstanding()) == again.created_count == 400
    assert len({intention.number for intention in again.intentions()}) == 400


def test_a_run_in_progress_keeps_its_ledger(ledger: Ledger) -> None:
    with pytest.raises(TenantError, match="still in progress"):
        Ledger.load(ledger.path).open(HEADER)
    ledger.close()
    with Ledger.load(ledger.path) as again:
        again.open(HEADER)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TenantError) as caught:
        Ledger(tmp_path / "file" / "abcde.jsonl").open(HEADER)
    assert "--report-dir" in str(caught.value)
    assert "\n" not in str(caught.value)
