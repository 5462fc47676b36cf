"""The addresses of customers: recorded before they are added, and deleted where a tenant keeps them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import Client, clean_up
from client.lifecycle.cleanup import AddressKey
from client.lifecycle.ledger import CustomerKey
from meta_tests.support.loopback_client import create_customer, make_client
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


@pytest.fixture
def client(server: LoopbackTenant, tmp_path: Path) -> Iterator[Client]:
    client = make_client(server, tmp_path)
    yield client
    client.close()


class KeptAddresses:
    """Addresses of one customer that outlive it; each can be deleted unless the tenant ignores that."""

    def __init__(self, *ids: str, deletable: bool = True) -> None:
        self.ids = set(ids)
        self.deletable = deletable

    def __call__(self, seen: Seen) -> Reply | None:
        match = re.search("/addresses(/(.+))?$", seen.path)
        if match is None:
            return None
        if seen.method == "POST":
            return Reply(201, {"id": sorted(self.ids)[0]})
        if seen.method == "DELETE":
            self.ids -= {match[2]} if self.deletable else set()
            return Reply(204)
        return Reply(200, [{"id": id, "contactName": "Ada"} for id in sorted(self.ids)])


def customer_with_address(client: Client) -> str:
    id = create_customer(client, 1)
    client.as_("client").add_address(id, {"contactName": "Ada"})
    return id


def test_addresses_of_a_deleted_customer_are_deleted_one_by_one(
    server: LoopbackTenant, client: Client
) -> None:
    kept = KeptAddresses("home", "office")
    server.faults.append(kept)
    customer_with_address(client)
    result = clean_up(client)
    assert (result.left, result.addresses, kept.ids) == ((), (), set())


def test_addresses_that_cannot_be_deleted_are_left(server: LoopbackTenant, client: Client) -> None:
    server.faults.append(KeptAddresses("home", deletable=False))
    customer = CustomerKey("acme", customer_with_address(client))
    assert clean_up(client).addresses == (AddressKey(customer, "home"),)


@pytest.mark.parametrize("status", [404, 403, 200])
def test_addresses_that_are_gone_with_the_customer_cost_one_request(
    server: LoopbackTenant, client: Client, status: int
) -> None:
    server.faults.append(KeptAddresses("home"))
    id = customer_with_address(client)
    server.faults.insert(0, lambda seen: Reply(status, []) if seen.path.endswith("/addresses") else None)
    assert clean_up(client).addresses == ()
    assert server.count("GET", f"{id}/addresses") == 1


def test_a_deleted_address_is_no_deleted_customer(server: LoopbackTenant, client: Client) -> None:
    server.faults.append(KeptAddresses("home"))
    id = customer_with_address(client)
    client.as_("client").remove_address(id, "home")
    assert client.ledger.outstanding() == (CustomerKey("acme", id),)
    assert client.ledger.addresses() == {CustomerKey("acme", id): {"home"}}


def test_without_a_response_every_known_address_is_left(server: LoopbackTenant, client: Client) -> None:
    server.faults.append(KeptAddresses("home"))
    customer = CustomerKey("acme", customer_with_address(client))
    server.faults.insert(0, lambda seen: Reply(503) if "/addresses" in seen.path else None)
    assert clean_up(client).addresses == (AddressKey(customer, "home"),)
