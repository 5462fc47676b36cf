"""What a tenant's own services say of its configuration, in every form and with every obstacle."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from client.config.settings import TenantConfig
from client.lifecycle.facts import KEYS, Fact, completed, read_facts
from meta_tests.support.loopback_client import make_client
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant

SITES = Reply(200, [{"code": "main"}, {"code": "DE", "active": True}, {"code": "XX", "active": False}])
RESTRICTED = {"EMPORIX_RESTRICTED_CLIENT_ID": "id-2", "EMPORIX_RESTRICTED_CLIENT_SECRET": "secret-two"}
STATIC_TOKEN = {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": "", "EMPORIX_ACCESS_TOKEN": "token-x"}


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


def configured(values: Mapping[str, Any], sites: Reply = SITES) -> Any:
    """A fault that serves the two services."""
    entries = [{"key": key, "value": value, "secured": False, "version": 1} for key, value in values.items()]

    def serve(seen: Seen) -> Reply | None:
        if seen.path == "/configuration/acme/configurations":
            return Reply(200, [entry for entry in entries if entry["key"] in seen.query["keys"].split(",")])
        return sites if seen.path == "/site/acme/sites" else None

    return serve


def facts(server: LoopbackTenant, folder: Path, **environ: str) -> dict[str, Fact]:
    with closing(make_client(server, folder, **environ)) as client:
        return {f"{fact.table}.{fact.key}": fact for fact in read_facts(client)}


def values(server: LoopbackTenant, folder: Path, **environ: str) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts(server, folder, **environ).items()}


@pytest.mark.parametrize("as_text", [False, True])
def test_values_are_json_or_json_in_a_string(server: LoopbackTenant, tmp_path: Path, as_text: bool) -> None:
    served: dict[str, Any] = {
        "restrictions": '["DE", "AT"]' if as_text else ["DE", "AT"],
        "enableSyncBetweenRestrictionsAndSiteCodes": "true" if as_text else True,
        "enableRecreationOfDeletedCustomer": "false" if as_text else False,
        "customerActiveOnCreation": "true" if as_text else True,
        "customerOnHoldOnCreation": "false" if as_text else False,
    }
    server.faults.append(configured(served))
    assert values(server, tmp_path) == {
        "tenant.restrictions": ["DE", "AT"],
        "tenant.sync_restrictions_with_sites": True,
        "tenant.recreate_deleted": False,
        "tenant.active_on_creation": True,
        "tenant.on_hold_on_creation": False,
        "tenant.sites": ["main", "DE"],
    }
    assert len(server.seen) == 4, "two services, with a token each"
    assert [seen.form["scope"] for seen in server.seen if seen.is_token] == [
        "tenant=acme configuration.configuration_view",
        "tenant=acme customer.customer_read customer.customer_manage",
    ]


@pytest.mark.parametrize("value", ["DE", [], ["DE", 7], ["DE", ""], {"DE": True}, None, 1], ids=repr)
def test_an_unusable_value_is_unknown(server: LoopbackTenant, tmp_path: Path, value: Any) -> None:
    served = {
        "restrictions": value,
        "customerActiveOnCreation": value,
        "enableRecreationOfDeletedCustomer": True,
    }
    server.faults.append(configured(served, Reply(200, [{"code": [value]}])))
    found = facts(server, tmp_path)
    assert [name for name, fact in found.items() if fact.value is not None] == ["tenant.recreate_deleted"]
    assert "restrictions" in found["tenant.restrictions"].origin
    assert "has no key customerOnHoldOnCreation" in found["tenant.on_hold_on_creation"].origin
    assert "no list of site codes" in found["tenant.sites"].origin


@pytest.mark.parametrize(
    ("part", "reply", "reason"),
    [
        ("/oauth", Reply(400, {"error": "invalid_scope"}), "add the scope"),
        ("/configuration", Reply(403), "lacks the scope configuration.configuration_view"),
        ("/configuration", Reply(401), "lacks the scope configuration.configuration_view"),
        ("/configuration", Reply(404), "answers 404"),
        ("/configuration", Reply(200, {"items": []}), "answers 200 and no list"),
        ("/configuration", Reply(503), "does not answer"),
        ("/configuration", Reply(drop=True), "does not answer"),
    ],
    ids=repr,
)
def test_a_tenant_without_the_service_or_the_scope_is_no_failure(
    server: LoopbackTenant, tmp_path: Path, part: str, reply: Reply, reason: str
) -> None:
    def fault(seen: Seen) -> Reply | None:
        is_other_token = seen.is_token and "configuration" not in seen.form["scope"]
        return reply if part in seen.path and not is_other_token else None

    server.faults += [fault, configured({})]
    found = facts(server, tmp_path)
    assert {found[f"tenant.{key}"].value for key in KEYS} == {None}
    assert all(reason in found[f"tenant.{key}"].origin for key in KEYS), found
    assert found["tenant.sites"].value == ["main", "DE"]
    assert len([seen for seen in server.seen if seen.path.startswith("/configuration")]) <= 2


def test_a_static_token_is_tried_for_both_services(server: LoopbackTenant, tmp_path: Path) -> None:
    server.faults.append(configured({"restrictions": ["DE"]}))
    assert values(server, tmp_path, **STATIC_TOKEN)["tenant.restrictions"] == ["DE"]
    assert {seen.headers["authorization"] for seen in server.seen} == {"Bearer token-x"}


@pytest.mark.parametrize(
    ("granted", "value"),
    [
        ("customer.customer_read--DE customer.customer_manage--DE customer.customer_read--AT", ["DE", "AT"]),
        ("customer.customer_read", None),
    ],
)
def test_the_restricted_client_is_described_by_its_scopes(
    server: LoopbackTenant, tmp_path: Path, granted: str, value: list[str] | None
) -> None:
    server.granted = granted
    server.faults.append(configured({}))
    assert values(server, tmp_path, **RESTRICTED)["restricted_client.restrictions"] == value


def test_facts_complete_a_configuration() -> None:
    config = completed(
        TenantConfig(),
        [Fact("tenant", "sites", ["main"], "site service"), Fact("tenant", "restrictions", None, "unknown")],
    )
    assert (config.tenant.sites, config.tenant.restrictions) == (("main",), None)
