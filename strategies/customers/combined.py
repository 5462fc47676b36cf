"""A few bodies, the same in every run, that between them hold every dangerous text."""

from collections.abc import Sequence
from typing import Any

from strategies import currencies, identifiers, namespace, text
from strategies.cases import Case
from strategies.customers.properties import (
    FLAGS,
    FREE_TEXTS,
    LANGUAGES,
    NUMBERS,
    PHONES,
    PHOTOS,
    SCHEMAS,
    TYPES,
    Body,
    BodyOperation,
)

_LONG = tuple(Case(f"{length} characters", text.of_length(length)) for length in text.LENGTHS)
_TEXTS = (*text.SAMPLES, *_LONG)
_PROPERTIES = (*FREE_TEXTS, "b2b", "mixins")
NUMBER = -(-len(_TEXTS) // len(_PROPERTIES))  # so many bodies hold every text once


def dense_cases(
    operation: BodyOperation,
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    number: int = NUMBER,
    start: int = 0,
) -> tuple[Case[Body], ...]:
    """Valid bodies with every property, each text in one of them at least once; ids and addresses are fresh.

    The first NUMBER bodies hold every text once. More of them, or a later `start`, put the texts into other
    properties; a text has been in every property after NUMBER times their number.
    """
    return tuple(
        _dense(operation, turn, tuple(sites), (*restrictions, None)) for turn in range(start, start + number)
    )


def _dense(
    operation: BodyOperation, turn: int, sites: tuple[str, ...], restrictions: tuple[str | None, ...]
) -> Case[Body]:
    round_, place = divmod(turn, NUMBER)
    chosen = {
        name: _TEXTS[(place * len(_PROPERTIES) + position + round_) % len(_TEXTS)]
        for position, name in enumerate(_PROPERTIES)
    }
    mixin = namespace.fresh_name()
    body: Body = {
        "contactEmail": namespace.fresh_email(_turned(namespace.DOMAINS, turn)),
        **{name: chosen[name].value for name in FREE_TEXTS},
        "contactPhone": _turned(PHONES, turn),
        "preferredLanguage": _turned(LANGUAGES, turn),
        "preferredCurrency": _turned(currencies.CODES, turn),
        "preferredSite": _turned(sites, turn),
        "type": _turned(TYPES, turn),
        "photoUrl": _turned(PHOTOS, turn),
        "restriction": _turned(restrictions, turn),
        "b2b": {"companyRegistrationId": chosen["b2b"].value},
        "mixins": {mixin: {"note": chosen["mixins"].value, "points": _turned(NUMBERS, turn), "tags": ["a"]}},
        "metadata": {"mixins": {mixin: _turned(SCHEMAS, turn)}},
    }
    if operation == "create":
        body["id"] = _turned(identifiers.custom_id_cases(), turn).value
    else:
        first, second = FLAGS
        body[first], body[second] = bool(turn & 1), bool(turn & 2)
    return Case(", ".join(case.name for case in chosen.values()), body)


def _turned(choices: Sequence[Any], turn: int) -> Any:
    return choices[turn % len(choices)]
