"""What each property of a customer may hold: one strategy a property, and the operations that have it."""

from collections.abc import Mapping
from dataclasses import dataclass
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

LANGUAGES = (*("en_US", "de_DE", "en", "de", "de-DE", "fr-CA", "pt_BR", "ja_JP", "fr", "it-IT"),)
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


@dataclass(frozen=True, slots=True)
class Choices:
    """What a caller allows: the tenant's sites and restrictions, plain values only, the longest text."""

    sites: tuple[str, ...] = ("main",)
    restrictions: tuple[str, ...] = ()
    conservative: bool = False
    longest: int = 2049


class Together(dict[str, Any]):
    """Several properties that are drawn as one, since they speak of each other."""


def names(operation: BodyOperation) -> tuple[str, ...]:
    """The properties that the body of an operation has, the password of create apart."""
    own = ("id",) if operation == "create" else FLAGS
    return (*STRINGS, *own, *OBJECTS)


@cache
def values(operation: BodyOperation, choices: Choices) -> Mapping[str, st.SearchStrategy[Any]]:
    """A strategy for each property that is drawn; metadata comes with the mixins it describes."""
    free = text.texts(longest=choices.longest, conservative=choices.conservative)
    few = 4 if choices.conservative else None
    currency = st.sampled_from(currencies.CODES[:few])
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "contactEmail": emails(),
        **dict.fromkeys(FREE_TEXTS, free),
        "contactPhone": st.sampled_from(PHONES[:few]),
        "preferredLanguage": st.sampled_from(LANGUAGES[:few]),
        "preferredCurrency": currency,
        "preferredSite": st.sampled_from(choices.sites),
        "type": st.sampled_from(TYPES),
        "photoUrl": st.sampled_from(PHOTOS[:few]),
        "restriction": _restrictions(choices.restrictions),
        "b2b": free.map(lambda value: {"companyRegistrationId": value}),
        "mixins": _mixins(free),
    }
    if operation == "create":
        drawn["id"] = identifiers.custom_ids(lengths=(None,) if choices.conservative else identifiers.LENGTHS)
    else:
        drawn.update(dict.fromkeys(FLAGS, st.booleans()))
    return drawn


def emails() -> st.SearchStrategy[str]:
    """Addresses on reserved domains, each drawn once only."""
    plain = st.sampled_from(namespace.DOMAINS).map(namespace.fresh_email)
    return plain | st.builds(mixed_case_email)


def mixed_case_email() -> str:
    """A fresh address with capitals in its local part, whose case is significant (RFC 5321 §2.4)."""
    local, _, domain = namespace.fresh_email().partition("@")
    return f"{local}.Ada_King-X@{domain}"


def _restrictions(listed: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.sampled_from((*listed, None))


def _mixins(free: st.SearchStrategy[str]) -> st.SearchStrategy[Together]:
    """Mixins under a name of their own, half of them with the address of their schema in metadata.

    Each has a fresh name, for whether a patch merges two mixins of one name is not stated. Nulls stay out:
    whether a tenant keeps a null member is not stated either.
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
        },
    )
    return st.builds(_named_mixins, members, st.sampled_from((None, *SCHEMAS)))


def _named_mixins(members: Body, schema: str | None) -> Together:
    name = namespace.fresh_name()
    described = Together(mixins={name: members})
    if schema:
        described["metadata"] = {"mixins": {name: schema}}
    return described
