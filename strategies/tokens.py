"""Invalid Authorization headers: malformed values, and tokens that no server issued.

Cases made from a real token do not print it.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from strategies.cases import Case, SecretCase

_MALFORMED, _INVALID = "auth.token-required", "auth.token-valid"

_WITHOUT_TOKEN = (
    Case("the scheme alone", "Bearer", _MALFORMED),
    Case("an unknown scheme alone", "Token", _MALFORMED),
    Case("a comma", ",", _MALFORMED),
    Case("Basic credentials", "Basic YWRhOmxvdmVsYWNl", _MALFORMED),
)


def malformed_header_cases(token: str) -> tuple[Case[str], ...]:
    """Values of Authorization other than the scheme Bearer and one token, most with a real token.

    Source: RFC 6750 §2.1. Several spaces after the scheme, and the scheme in another case, are well-formed
    (RFC 9110 §11.1, §11.4) and not among them.
    """
    wrapped = (
        ("no scheme", token),
        ("no space", f"Bearer{token}"),
        ("a colon after the scheme", f"Bearer: {token}"),
        ("another scheme", f"Basic {token}"),
        ("an unregistered scheme", f"Token {token}"),
        ("the scheme OAuth", f"OAuth {token}"),
        ("a longer scheme", f"BearerX {token}"),
        ("the token in quotes", f'Bearer "{token}"'),
        ("the token as a parameter", f"Bearer token={token}"),
        ("a word after the token", f"Bearer {token} x"),
    )
    return (*_WITHOUT_TOKEN, *(SecretCase(name, value, _MALFORMED) for name, value in wrapped))


def forged_token_cases(token: str = "") -> tuple[Case[str], ...]:
    """Tokens (without a scheme) that no server issued; with a real token, its near copies too.

    A near copy differs by at least eight characters or in its middle, because the last character of a Base64
    text may hold bits without a meaning.
    """
    claims = {"sub": "admin", "scope": "customer.customer_read customer.customer_manage", "exp": 4102444800}
    cases: list[Case[str]] = [
        Case("a word", "invalid", _INVALID),
        Case("one letter", "x", _INVALID),
        Case("random letters and digits", "R6zkPvN2wq9TfXb4LcYd7HsJm3Ga", _INVALID),
        Case("the word null", "null", _INVALID),
        Case("the word undefined", "undefined", _INVALID),
        Case("4,000 characters", "x" * 4_000, _INVALID),
        Case("an unsigned JWT", _unsigned_jwt(claims), _INVALID),
        Case("a JWT with an empty payload", _unsigned_jwt({}), _INVALID),
        Case("a JWT with a made-up signature", _unsigned_jwt(claims, "HS256") + "c2lnbmF0dXJl", _INVALID),
    ]
    cases += [
        SecretCase(name, copy, _INVALID) for name, copy in _near_copies(token) if copy not in ("", token)
    ]
    return tuple(cases)


def _unsigned_jwt(claims: Mapping[str, Any], algorithm: str = "none") -> str:
    """A JSON Web Token with these claims and no signature (RFC 7519 §6)."""
    return f"{_encoded({'alg': algorithm, 'typ': 'JWT'})}.{_encoded(claims)}."


def _near_copies(token: str) -> tuple[tuple[str, str], ...]:
    middle = len(token) // 2
    replacement = "A" if token[middle : middle + 1] != "A" else "B"
    return (
        ("a real token cut short", token[: -min(8, middle)] if middle else ""),
        ("the second half of a real token", token[middle:]),
        ("a real token and eight characters more", token and token + "xxxxxxxx"),
        ("a real token in the other case", token.swapcase()),
        ("a real token backwards", token[::-1]),
        ("a real token with another middle", token and token[:middle] + replacement + token[middle + 1 :]),
    )


def _encoded(content: Mapping[str, Any]) -> str:
    written = json.dumps(content, separators=(",", ":")).encode("utf-8")
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode("ascii")
