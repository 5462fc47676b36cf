"""The clean-up deletes everything that a run created, whatever the tenant responded, and nothing else."""

import itertools
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from client import BudgetExceeded, Client, GuardError, TransientError, clean_up, clean_up_between
from meta_tests.support.loopback_client import OTHER_TENANT, create_customer, make_client
from meta_tests.support.loopback_tenant import Fault, LoopbackTenant, Reply, Seen, loopback_tenant, times

FOREIGN = {"id": "foreign", "contactEmail": "foreign@example.com"}


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        server.customers["acme", "foreign"] = dict(FOREIGN)
        yield server


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    client = make_client(server, tmp_path)
    yield client
    client.close()


def only_the_foreign_customer_exists(server: LoopbackTenant) -> bool:
    return server.customers == {("acme", "foreign"): FOREIGN}


def test_everything_of_the_run_is_deleted_and_nothing_else(server: LoopbackTenant, client: Client) -> None:
    ids = [create_customer(client, number) for number in range(90)]
    client.as_("client").delete(ids[0])
    progress: list[tuple[int, int]] = []
    requests_before = len(server.seen)
    result = clean_up(client, lambda done, total: progress.append((done, total)))
    assert (result.created, result.deleted, result.swept, result.left) == (90, 90, 89, ())
    assert only_the_foreign_customer_exists(server)
    assert max(progress) == (89, 89)
    assert len(server.seen) - requests_before <= 89 + 10
    assert clean_up(client).swept == 0


def test_a_clean_up_between_compacts_the_ledger(server: LoopbackTenant, client: Client) -> None:
    for number in range(3):
        create_customer(client, number)
    assert clean_up_between(client).swept == 3
    assert client.ledger.ever_created() == ()
    create_customer(client, 4)
    result = clean_up(client)
    assert (result.created, result.deleted, result.swept, result.left) == (4, 4, 1, ())
    assert only_the_foreign_customer_exists(server)


def test_a_delete_that_is_rejected_without_a_body_is_sent_with_one(
    server: LoopbackTenant, client: Client
) -> None:
    create_customer(client, 1)
    server.faults.append(lambda seen: Reply(400) if seen.method == "DELETE" and not seen.body else None)
    assert clean_up(client).left == ()
    assert only_the_foreign_customer_exists(server)


def test_a_run_that_created_nothing_sends_nothing(server: LoopbackTenant, client: Client) -> None:
    assert clean_up(client).created == 0
    assert server.seen == []


@pytest.mark.parametrize(
    "reply",
    [Reply(500, act=True), Reply(400, act=True), Reply(drop=True, act=True), Reply(201, {}, act=True)],
    ids=repr,
)
@pytest.mark.parametrize("search_works", [True, False])
def test_a_customer_that_no_response_confirmed_is_found(
    server: LoopbackTenant, client: Client, reply: Reply, search_works: bool
) -> None:
    server.faults.append(times(1, reply, lambda seen: seen.method == "POST" and not seen.is_token))
    if not search_works:
        server.faults.append(lambda seen: Reply(400) if "~" in seen.target or "%7E" in seen.target else None)
    with suppress(TransientError):
        client.as_("client").create({"contactEmail": "cct-abcde-1@example.com"})
    assert len(server.customers) == 2
    assert clean_up(client).left == ()
    assert only_the_foreign_customer_exists(server)


def test_a_deletion_without_effect_is_reported(server: LoopbackTenant, client: Client) -> None:
    id = create_customer(client, 1)
    server.faults.append(lambda seen: Reply(202) if seen.method == "DELETE" else None)
    client.as_("client").delete(id)
    result = clean_up(client)
    assert [customer.id for customer in result.left] == [id]
    assert (result.created, result.deleted) == (1, 0)


def test_a_deletion_that_was_accepted_and_lost_is_sent_again(server: LoopbackTenant, client: Client) -> None:
    for number in range(5):
        create_customer(client, number)
    turns = itertools.count()
    server.faults.append(
        lambda seen: Reply(202) if seen.method == "DELETE" and next(turns) % 3 == 0 else None
    )
    result = clean_up(client)
    assert (result.created, result.deleted, result.left) == (5, 5, ())


def test_a_create_response_with_the_id_of_a_foreign_customer_is_not_trusted(
    server: LoopbackTenant, client: Client
) -> None:
    assert client.as_("client").list().status == 200
    server.faults.append(
        times(1, Reply(201, {"id": "foreign"}), lambda seen: seen.method == "POST" and not seen.is_token)
    )
    client.as_("client").create({"contactEmail": "cct-abcde-1@example.com"})
    with pytest.raises(GuardError):
        client.as_("client").patch("foreign", {"firstName": "changed"})
    create_customer(client, 2)
    assert clean_up(client).left == ()
    assert only_the_foreign_customer_exists(server)


def test_a_deletion_may_take_its_window(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path, "[consistency]\ndeletion = 2.0\n")
    id = create_customer(client, 1)
    effective_at: list[float] = []

    def delete_later(seen: Seen) -> Reply | None:
        if seen.method == "DELETE":
            effective_at.append(time.monotonic() + 0.3)
            return Reply(202)
        if effective_at and time.monotonic() > effective_at[0]:
            server.customers.pop(("acme", id), None)
        return None

    server.faults.append(delete_later)
    start = time.monotonic()
    assert clean_up(client).left == ()
    assert time.monotonic() - start < 1.9
    client.close()


@pytest.mark.parametrize(
    "reply",
    [Reply(200, []), Reply(200, [FOREIGN]), Reply(400), Reply(500), Reply(200, {"x": 1})],
    ids=repr,
)
def test_a_list_that_omits_customers_is_not_trusted(
    server: LoopbackTenant, client: Client, reply: Reply
) -> None:
    ids = [create_customer(client, number) for number in range(3)]
    server.faults.append(times(1, Reply(202), lambda seen: seen.method == "DELETE"))
    client.as_("client").delete(ids[0])
    server.faults.append(lambda seen: reply if seen.method == "GET" and "q=" in seen.target else None)
    assert clean_up(client).left == ()
    assert only_the_foreign_customer_exists(server)


def test_a_list_without_a_customer_that_does_not_exist_is_trusted(
    server: LoopbackTenant, client: Client
) -> None:
    """Of two deletions at once, the ledger cannot know which one came last; GET is sent for this customer alone."""
    ids = [create_customer(client, number) for number in range(3)]
    client.as_("client").delete(ids[0])
    del server.customers["acme", ids[1]]
    assert clean_up(client).left == ()
    looked_at = [ids.index(seen.target.rsplit("/")[-1]) for seen in server.seen if is_look(seen)]
    assert looked_at == [1, 1], "before and after the deletion"


def is_look(seen: Seen) -> bool:
    """Whether the request is a get of one customer."""
    return seen.method == "GET" and "?" not in seen.target


def test_an_unavailable_tenant_ends_the_clean_up_soon(server: LoopbackTenant, client: Client) -> None:
    for number in range(20):
        create_customer(client, number)
    server.faults.append(lambda _: Reply(503))
    start = time.monotonic()
    result = clean_up(client)
    assert len(result.left) == 20
    assert time.monotonic() - start < 3


def test_the_second_tenant_is_cleaned_by_its_own_client(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path, **OTHER_TENANT)
    client.as_("other").create({"id": "cct-abcde-1"})
    assert ("other", "cct-abcde-1") in server.customers
    assert clean_up(client).left == ()
    assert only_the_foreign_customer_exists(server)
    client.close()


MARKED = {"contactEmail": 1, "lastName": "cct-abcde-7"}


def stored(status: int, number: int = 1) -> Fault:
    """Creates are stored, and answered with this status."""
    return times(
        number, Reply(status, {}, act=True), lambda seen: seen.method == "POST" and not seen.is_token
    )


def test_a_create_answered_without_an_id_is_counted_if_nothing_finds_the_customer(
    server: LoopbackTenant, client: Client
) -> None:
    server.faults.append(stored(201))
    before = time.time()
    client.as_("client").create({})
    result = clean_up(client)
    assert len(server.customers) == 2, "nothing distinguishes the customer from those of others"
    assert (result.created, result.left) == (0, ())
    (create,) = result.unaccounted
    assert (create.tenant, create.outcome) == ("acme", "answered")
    assert before - 1 <= create.at <= time.time()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", create.sent_at)


def test_a_create_that_was_not_sent_has_left_nothing(server: LoopbackTenant, tmp_path: Path) -> None:
    client = make_client(server, tmp_path, "[safety]\nmax_requests = 1\n")
    with pytest.raises(BudgetExceeded):
        client.as_("client").create({})
    assert [seen.is_token for seen in server.seen] == [True]
    assert clean_up(client).unaccounted == ()
    client.close()


@pytest.mark.parametrize("status", [201, 400, 500])
@pytest.mark.parametrize("broken", ["nothing", "~", "q="])
def test_a_customer_without_id_and_address_of_the_run_is_found_by_another_property(
    server: LoopbackTenant, client: Client, status: int, broken: str
) -> None:
    server.faults.append(stored(status))
    server.faults.append(lambda seen: Reply(400) if broken in seen.target and seen.method == "GET" else None)
    client.as_("client").create(MARKED)
    result = clean_up(client)
    assert (result.created, result.left, result.unaccounted) == (1, (), ())
    assert only_the_foreign_customer_exists(server)


def test_a_rejected_create_is_counted_only_if_the_tenant_stores_what_it_rejects(
    server: LoopbackTenant, client: Client
) -> None:
    api = client.as_("client")
    server.faults.append(times(1, Reply(400), lambda seen: seen.method == "POST" and not seen.is_token))
    api.create({})
    assert clean_up(client).unaccounted == ()
    server.faults.append(stored(400, number=2))
    api.create(MARKED)
    api.create({})
    result = clean_up(client)
    assert (result.created, result.left) == (1, ())
    assert len(result.unaccounted) == 2, "the first one may have been stored as well"


def test_the_newest_customers_are_listed_as_far_back_as_the_run(
    server: LoopbackTenant, client: Client
) -> None:
    """The customers of others that are older are not read, however many there are."""
    for number in range(250):
        server.customers["acme", f"old{number}"] = {
            "id": f"old{number}",
            "metadataCreatedAt": "2001-02-03T04:05:06.000Z",
        }
    server.faults.append(stored(500))
    client.as_("client").create({})
    clean_up(client)
    pages = [seen for seen in server.seen if seen.query.get("sort") == "metadataCreatedAt:desc"]
    assert len(pages) == 1


def test_what_is_unaccounted_for_in_a_round_stays_counted(server: LoopbackTenant, client: Client) -> None:
    server.faults.append(stored(201))
    client.as_("client").create({})
    assert len(clean_up_between(client).unaccounted) == 1
    create_customer(client, 2)
    result = clean_up(client)
    assert (result.created, len(result.unaccounted)) == (1, 1)


def test_an_unavailable_tenant_leaves_every_unknown_outcome_unaccounted_for(
    server: LoopbackTenant, client: Client
) -> None:
    server.faults.append(stored(500))
    client.as_("client").create(MARKED)
    server.faults.append(lambda _: Reply(503))
    assert [create.mark for create in clean_up(client).unaccounted] == ["cct-abcde-7"]
