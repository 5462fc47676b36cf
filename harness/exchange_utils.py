"""Reading an exchange: what was sent in its query, its headers and its body."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from client import Exchange


def parameter(exchange: Exchange, name: str) -> str | None:
    """The query parameter as it was sent, decoded; None where it was not sent."""
    values = parse_qs(urlsplit(exchange.url).query, keep_blank_values=True).get(name)
    return values[0] if values else None


def sent_header(exchange: Exchange, name: str) -> str | None:
    """A header of the request by its name in any case."""
    return next((value for key, value in exchange.request_headers if key.lower() == name.lower()), None)


def sent_body(exchange: Exchange) -> dict[str, Any]:
    """The JSON object that was sent; empty where none was."""
    body = exchange.request_json
    return body if isinstance(body, dict) else {}


def ids_shown(exchange: Exchange) -> list[str]:
    """The ids of the customers of a list or search result, in order; none where the body is no array of objects."""
    body = exchange.json
    return [str(each.get("id")) for each in body if isinstance(each, dict)] if isinstance(body, list) else []


def misshapen_accounts(customer: dict[str, Any]) -> str:
    """What was accepted where the accounts of a customer are not as published; empty where they are.

    `email` is the e-mail of the account, and so is the id of an account; a customer need not show either.
    """
    accounts, email = customer.get("accounts") or [], customer.get("email")
    if not all(isinstance(each, dict) and each.get("id") for each in accounts):
        return "accounts, each with an id"
    ids = {str(each["id"]).casefold() for each in accounts}
    if ids and isinstance(email, str) and email and email.casefold() not in ids:
        return f"an account with the id {email}"
    return ""


def told(exchange: Exchange) -> dict[str, Any]:
    """The exchange in the words of the report, redacted."""
    shown = exchange.as_json()
    return {
        "number": shown["number"],
        "operation": shown["operation"],
        "identity": shown["identity"],
        "request": {
            "method": shown["method"],
            "url": shown["url"],
            "headers": shown["request_headers"],
            "body": shown["request_body"],
        },
        "response": {
            "status": shown["status"],
            "headers": shown["response_headers"],
            "body": shown["response_body"],
        },
        "elapsed_ms": round(shown["elapsed"] * 1000, 1),
        "curl": exchange.as_curl(),
    }
