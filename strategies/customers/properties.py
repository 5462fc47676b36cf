"""The values of each property of a customer: one strategy per property, by operation."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeAlias

import hypothesis.strategies as st

from strategies import currencies, identifiers, namespace, text

BodyOperation: TypeAlias = Literal["create", "upsert", "patch"]
Body: TypeAlias = dict[str, Any]

STRINGS = (
    *("contactEmail", "firstName", "lastName", "middleName", "title", "contactPhone", "company"),
    *("preferredLanguage", "preferredCurrency", "preferredSite", "type", "photoUrl", "restriction"),
)
FREE_TEXTS = ("firstName", "lastName", "middleName", "title", "company")
FLAGS = ("active", "onHold")
OBJECTS = ("b2b", "mixins", "metadata")

LANGUAGES = ("en_US", "de_DE", "en", "de", "de-DE", "fr-CA", "pt_BR", "ja_JP", "fr", "it-IT")
PHONES = (
    *("+49 30 901820", "03090182", "(030) 90 18-20", "+1-202-555-0143", "+1 (202) 555-0143 ext. 5"),
    *("0049/30/901820", "+442079460000", "110", "00", "+49 30 901820 / 21"),
)
PHOTOS = (
    "https://example.com/ada.png",
    "https://example.org/photo?id=1&size=2",
    "https://example.net/",
    "https://www.example.com:8443/a/b/c.jpg#top",
    "https://example.com/Gr%C3%B6%C3%9Fe%20A.png",
    "https://example.com/~ada/;v=1.2/(photo)_'1'.png?a=b%26c",
    f"https://example.com/{'a' * 500}.png",
)
TYPES = ("CUSTOMER", "CONTACT")
NUMBERS: tuple[int | float, ...] = (1, 0, -1, 42, 2**31, 2**53 - 1, 1 - 2**53, 0.5, -1.25, 0.1, 1e-7, 1e21)
SCHEMAS = ("https://example.com/mixin.json", "https://example.org/schemata/mixin-v1.0.json?raw=true")


class Joint(dict[str, Any]):
    """Several properties that are drawn together, because they refer to each other."""


@cache
def values(
    operation: BodyOperation,
    sites: tuple[str, ...],
    restrictions: tuple[str, ...],
    conservative: bool,
    longest: int,
) -> Mapping[str, st.SearchStrategy[Any]]:
    """A strategy for each property that is drawn; metadata is drawn with the mixins that it describes."""
    free = text.texts(longest=longest, conservative=conservative)
    few = 4 if conservative else None
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "contactEmail": emails(),
        **dict.fromkeys(FREE_TEXTS, free),
        "contactPhone": st.sampled_from(PHONES[:few]),
        "preferredLanguage": st.sampled_from(LANGUAGES[:few]),
        "preferredCurrency": st.sampled_from(currencies.CODES[:few]),
        "preferredSite": st.sampled_from(sites),
        "type": st.sampled_from(TYPES),
        "photoUrl": st.sampled_from(PHOTOS[:few]),
        "restriction": st.sampled_from((*restrictions, None)),
        "b2b": free.map(lambda value: {"companyRegistrationId": value}),
        "mixins": _mixins(free),
    }
    if operation == "create":
        drawn["id"] = identifiers.custom_ids(lengths=(None,) if conservative else identifiers.LENGTHS)
    else:
        drawn.update(dict.fromkeys(FLAGS, st.booleans()))
    return drawn


def emails() -> st.SearchStrategy[str]:
    """Addresses on reserved domains, each drawn only once."""
    plain = st.sampled_from(namespace.DOMAINS).map(namespace.fresh_email)
    return plain | st.builds(mixed_case_email)


def mixed_case_email(*, longest: bool = False) -> str:
    """A fresh address with capitals and a tag in its local part, whose case is significant (RFC 5321 §2.4).

    The longest local part has 64 characters (RFC 5321 §4.5.3.1.1).
    """
    local, _, domain = namespace.fresh_email().partition("@")
    local = f"{local}.Ada_King-X+Tag"
    return f"{local.ljust(64, 'x') if longest else local}@{domain}"


def _mixins(free: st.SearchStrategy[str]) -> st.SearchStrategy[Joint]:
    """Mixins under a fresh name, two thirds of them with the address of their schema in metadata.

    The contract does not state whether a patch merges two mixins of one name, nor whether a tenant keeps null
    members: names are fresh and nulls are left out.
    """
    numbers, words = st.sampled_from(NUMBERS), st.sampled_from(text.WORDS)
    members = st.fixed_dictionaries(
        {"note": free},
        optional={
            "points": numbers,
            "member": st.booleans(),
            "tags": st.lists(words, max_size=3),
            "size": st.fixed_dictionaries({"width": numbers, "unit": words}),
            "rows": st.just([[1, "a"], [{"deep": {"deeper": True}}]]),
            "nothing": st.sampled_from(([], {}, "", [[]], {"list": [], "object": {}})),
        },
    )
    return st.builds(_named_mixins, members, st.sampled_from((None, *SCHEMAS)))


def _named_mixins(members: Body, schema: str | None) -> Joint:
    name = namespace.fresh_name()
    described = Joint(mixins={name: members})
    if schema:
        described["metadata"] = {"mixins": {name: schema}}
    return described
