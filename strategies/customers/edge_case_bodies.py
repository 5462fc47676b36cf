"""Bodies full of edge cases: one request shows how a tenant treats every kind of text."""

from collections.abc import Mapping, Sequence
from typing import Any

from strategies import namespace
from strategies.customers.properties import Body, BodyOperation, mixed_case_email

TEXTS = ("title", "firstName", "middleName", "lastName", "company")

_HOSTILE = (
    "Zoe\u0308 Ste\ufb03 É\u0301 İıßſ \U0001f600 \U00020bb7野 \U0001f469\u200d\U0001f4bb A\u200bB\u00a0C\u00adD "
    'Ada\u200f محمد <b>&amp;&lt;</b> "O\'Brien" \\n %41 +1 ${x} {{y}} -- ;'
)
"""Any change shows in it: composed, folded, cased, stripped, escaped, unescaped, cut to the basic plane."""

NUMERIC: Mapping[str, str] = {
    "title": "007",
    "firstName": "1e5",
    "middleName": "true",
    "lastName": "null",
    "company": "2024-02-29",
}
"""Texts that a tenant which guesses types would convert."""

EDGE_CASES = ("hostile", "long", "numeric", "empty", "spaces")


def edge_case_body(
    operation: BodyOperation, name: str, *, sites: Sequence[str] = ("main",), restrictions: Sequence[str] = ()
) -> Body:
    """The body of this name (one of EDGE_CASES) for create, upsert or patch, with a fresh address.

    "hostile": each text holds every kind of character that real systems change; "long": the same and 2,000
    characters in all; "numeric": texts that look like numbers, flags, dates and null; "empty": empty texts;
    "spaces": leading, trailing and repeated inner ones, a tab and a line break. All texts differ, so that a
    swap shows.
    """
    texts = {field: _text(name, field) for field in TEXTS}
    mixin, other = namespace.fresh_name(), f"{namespace.fresh_name()}Of"
    if name == "numeric":
        other = "lastName"  # collides with the property if a tenant stores mixins beside the properties
    member = texts["title"] or "x"
    body: dict[str, Any] = {
        **texts,
        "contactEmail": mixed_case_email(),
        "contactPhone": "0049 30 901" if name == "numeric" else "+49 (0)30 901-820",
        "preferredLanguage": "pt-BR" if name == "long" else "pt_BR",
        "preferredCurrency": "CHF",
        "preferredSite": sites[-1],
        "type": "CONTACT",
        "photoUrl": "https://Example.com/Ada%20B.png?x=1&amp;Y=2"
        + ("&more=" * 200 if name == "long" else "#Top"),
        "b2b": {"companyRegistrationId": _text(name, "b2b")},
        "mixins": {
            mixin: {
                "text": member,
                "when": "2024-02-29T10:00:00+01:00",
                "number": 1234.56789,
                "flag": False,
                "list": [member, 1, True],
                "deep": {"camelCase": {"N": -1}},
            },
            other: {"second": True},
        },
        "metadata": {"mixins": dict.fromkeys((mixin, other), "https://example.com/Schema.json?v=1&W=2")},
    }
    if restrictions:
        body["restriction"] = restrictions[-1]
    if operation != "create":
        body |= {"active": False, "onHold": True}
    return body


def _text(name: str, field: str) -> str:
    if name == "empty":
        return ""
    if name == "numeric":
        return NUMERIC.get(field, "-0.10")
    if name == "spaces":
        return f"  {field}\t   spaced\r\n "
    hostile = f"{field} {_HOSTILE} {field}"
    return hostile if name == "hostile" else (hostile * 20)[:2000]
