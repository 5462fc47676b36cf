"""Bodies full of edge cases: one request shows how a tenant treats every kind of text."""

from collections.abc import Mapping, Sequence
from typing import Any

from strategies import namespace
from strategies.customers.properties import Body, BodyOperation, mixed_case_email

TEXTS = ("title", "firstName", "middleName", "lastName", "company")
_FIRST: Mapping[str, str] = {
    "title": "'",
    "firstName": "=",
    "middleName": "@",
    "lastName": ":",
    "company": "#",
}
"""What a text begins with that a tenant may take for syntax."""

_HOSTILE = (
    "Zoe\u0308 Ste\ufb03 É\u0301 İıßſ \U0001f600 \U00020bb7野 \U0001f469\u200d\U0001f4bb A\u200bB\u00a0C\u00adD "
    'Ada\u200f محمد <b>&amp;&lt;</b> "O\'Brien" \\n %41 +1 ${x} {{y}} -- ; “D’A” – … #9, a, b | c\u2028'
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

_STRUCTURE: Mapping[str, Any] = {
    "empty": {"list": [], "object": {}, "text": "", "zero": 0, "lists": [[], [{}]]},
    "order": ["b", "a", "b", 10, 9, ["c", ["a"]], {"z": 1, "a": 2}, None, True],
    "only": ["one"],
    "many": [*range(12, 0, -1)],
    "words": ["yes", "no", "on", "off", "null", "t", "12345", "1.50"],
    "numbered": {"0": "zero", "1": "one"},
    "levels": {"2": {"3": {"4": {"5": {"6": {"7": [{"8": "deep"}]}}}}}},
    "numbers": [0.1, -0.005, 0.0000012, 2**32, 2**53 - 1, 1234.56789],
    "id": "007",
    "Straße und-Nr": "1/2",
    " padded ": True,
    "type": "Text",
    "camelCase": 1,
}
"""Whatever a tenant loses or changes inside a free object shows in it."""

LONGER_THAN_A_TEXT_COLUMN = 70_000
"""Characters; a column of the type TEXT has 65,535 bytes in some databases."""

_PATHS: Mapping[str, Any] = {"a": {"b": 2}, "/a/b": 3, "a[0]": 4, "a/b": 5, "a:b": 6}
"""Names of members that look like paths."""

RESERVED_NAMES: Mapping[str, Any] = {"a.b": 1, "a": {"b": 2}, "$x": 3, "": 4, "_id": 5, "constructor": 6}
"""Names of members that mean something to a database or a language; MongoDB rejected some of them until version 5."""


def edge_case_body(
    operation: BodyOperation, name: str, *, sites: Sequence[str] = ("main",), restrictions: Sequence[str] = ()
) -> Body:
    """The body of this name (one of EDGE_CASES) for create, upsert or patch, with a fresh address.

    "hostile": each text holds every kind of character that real systems change; "long": the same and 2,000
    characters in all; "numeric": texts that look like numbers, flags, dates and null; "empty": empty texts;
    "spaces": capitals with leading, trailing and repeated inner spaces, a tab and a line break. All texts differ, so
    that a swap shows. Flags, currency, type, site and restriction alternate from one name to the next, so that each
    update changes them.
    """
    turn = EDGE_CASES.index(name)
    texts = {
        field: _text(name, _rotated(operation, field) if name == "numeric" else field) for field in TEXTS
    }
    mixin, other = namespace.fresh_name(), f"{namespace.fresh_name()}Of"
    empty: Body = {f"{mixin}Empty": {}} if name == "empty" else {}
    # They collide with properties if a tenant stores mixins beside these.
    other = {"numeric": "lastName", "spaces": "version"}.get(name, other)
    member = texts["title"] or "x"
    body: dict[str, Any] = {
        **texts,
        "contactEmail": mixed_case_email(longest=name == "long"),
        "contactPhone": "0049 30 901" if name == "numeric" else "+49 (0)30 901-820 ext. 1001",
        "preferredLanguage": ("pt_BR", "pt-BR", "de", "en_GB", "zh-Hant-TW")[turn],
        "preferredCurrency": ("CHF", "JPY", "GBP", "SEK", "PLN")[turn],
        "preferredSite": sites[-1 - turn % len(sites)],
        "type": ("CONTACT", "CUSTOMER")[turn % 2],
        "photoUrl": f"http{'' if turn % 2 else 's'}://Example.com/Ada%20B.png?x=1&amp;Y=2"
        + ("&more=" * 200 if name == "long" else "#Top"),
        # A tenant may need names that are not empty beside a registration number.
        **({} if name == "empty" else {"b2b": {"companyRegistrationId": _text(name, "b2b")}}),
        "mixins": {
            mixin: {
                "text": member,
                "when": "2024-02-29T10:00:00+01:00",
                "number": 1234.56789,
                "flag": False,
                "list": [member, 1, True],
                "deep": {"camelCase": {"N": -1}},
                **_STRUCTURE,
            },
            other: {"second": True, **(_PATHS if name == "numeric" else {})},
            **empty,
        },
        "metadata": {
            "mixins": dict.fromkeys((mixin, other, *empty), "https://example.com/Schema.json?v=1&W=2/")
        },
    }
    if (operation, name) == ("create", "long"):
        body["mixins"][other]["text"] = "x" * LONGER_THAN_A_TEXT_COLUMN
    if restrictions:
        body["restriction"] = restrictions[-1 - turn % len(restrictions)]
    if operation != "create":
        body |= {"active": turn % 2 == 1, "onHold": turn % 2 == 0}
    return body


def _rotated(operation: BodyOperation, field: str) -> str:
    """Another field for each operation, so that each of them has a number, a flag, a date and null for a text."""
    shift = {"create": 0, "upsert": 4, "patch": 3}[operation]
    return (*TEXTS, *TEXTS)[TEXTS.index(field) + shift]


def _text(name: str, field: str) -> str:
    if name == "empty":
        return ""
    if name == "numeric":
        return NUMERIC.get(field, "-0.10")
    if name == "spaces":
        return f"  {field.upper()}\t   SPACED\r\n{'' if field in ('title', 'lastName') else ' '}"
    hostile = f"{_FIRST.get(field, '')}{field} {_HOSTILE} {field}"
    return hostile if name == "hostile" else (hostile * 20)[:2000]
