"""Triage of a customer that was created and does not exist."""

from harness.api import TenantApi
from strategies import customers, namespace


def clause_of_missing(api: TenantApi, customer_id: str) -> str:
    """Whether the request for another customer has deleted it, or creates do not store what they answer."""
    email = namespace.fresh_email()
    new_id = create(api, email)
    if customer_id in api.known.confirmed or api.get(new_id).status == 200:
        return "delete.others.unchanged"
    return clause_of_unstored(api, new_id, email)


def clause_of_unstored(api: TenantApi, customer_id: str, email: str) -> str:
    """Whether a customer that get does not find has another id than create has answered, or was not stored."""
    holders = api.query("list", f"contactEmail:{email}").ids
    return "create.answer.id" if holders and customer_id not in holders else "create.visible.get"


def create(api: TenantApi, email: str = "") -> str:
    """The id that the create of a new customer answers."""
    body = customers.plain(contactEmail=email) if email else customers.plain()
    return str(api.create(body).object.get("id"))
