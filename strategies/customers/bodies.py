"""Valid bodies of create, upsert and patch: many properties at once, for every request costs."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import hypothesis.strategies as st

from strategies import namespace, text
from strategies.cases import ABSENT, as_strategy
from strategies.customers.properties import Body, BodyOperation, Choices, Together, values

# Whether a property is in a body, 0 being no: leaving out comes first, so that bodies shrink to small ones.
_OFTEN = st.integers(0, 3)
_DENSITIES = st.sampled_from((None, st.integers(0, 1), _OFTEN))  # a patch names one property, some or most


def plain(**overrides: Any) -> Body:
    """A small valid body of create or upsert with an address of its own; ABSENT takes a property out."""
    body = {"contactEmail": namespace.fresh_email(), "firstName": "Ada", "lastName": "Lovelace", **overrides}
    return {name: value for name, value in body.items() if value is not ABSENT}


def create_bodies(
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    conservative: bool = False,
    longest: int = 2049,
    without: Collection[str] = (),
    **parts: Any,
) -> st.SearchStrategy[Body]:
    """Valid bodies of create, most of them with most properties, contactEmail always there and never used.

    A part, a value or a strategy under a property's name, is in every body as given. `without` names
    properties to leave out. `sites` and `restrictions` are what the tenant has configured; without any, the
    restriction is null or absent. `conservative` draws plain values alone, `longest` bounds text in
    characters. The password is in no body unless it is a part. Source: create, body.
    """
    choices = Choices(tuple(sites), tuple(restrictions), conservative, longest)
    return _whole_bodies("create", choices, without, parts)


def upsert_bodies(
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    conservative: bool = False,
    longest: int = 2049,
    without: Collection[str] = (),
    **parts: Any,
) -> st.SearchStrategy[Body]:
    """Valid bodies of upsert, as those of create, with active and onHold and without an id."""
    choices = Choices(tuple(sites), tuple(restrictions), conservative, longest)
    return _whole_bodies("upsert", choices, without, parts)


def patch_bodies(
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    conservative: bool = False,
    longest: int = 2049,
    without: Collection[str] = (),
    **parts: Any,
) -> st.SearchStrategy[Body]:
    """Valid bodies of patch that name one property or several, never none; parts are in all of them.

    An address is among them now and then, fresh each time. Source: patch, body.
    """
    choices = Choices(tuple(sites), tuple(restrictions), conservative, longest)
    return _patches(_known("patch", choices, without, parts), frozenset(parts))


def classes_of(body: Mapping[str, Any]) -> frozenset[str]:
    """The classes of text that the strings of a body reach, however deep they lie."""
    return frozenset().union(*(text.classes_of(string) for string in _strings(body)))


def _whole_bodies(
    operation: BodyOperation, choices: Choices, without: Collection[str], parts: Mapping[str, Any]
) -> st.SearchStrategy[Body]:
    always = frozenset({"contactEmail"} - set(without)) | frozenset(parts)
    return _some_of(_known(operation, choices, without, parts), always, _OFTEN)


def _known(
    operation: BodyOperation, choices: Choices, without: Collection[str], parts: Mapping[str, Any]
) -> dict[str, st.SearchStrategy[Any]]:
    known = {name: value for name, value in values(operation, choices).items() if name not in without}
    if "metadata" in without and "mixins" in known:
        known["mixins"] = known["mixins"].map(lambda together: Together(mixins=together["mixins"]))
    return known | {name: as_strategy(part) for name, part in parts.items()}


@st.composite
def _some_of(
    draw: st.DrawFn,
    known: Mapping[str, st.SearchStrategy[Any]],
    always: frozenset[str],
    others: st.SearchStrategy[int],
) -> Body:
    return _body({name: draw(known[name]) for name in known if name in always or draw(others)})


@st.composite
def _patches(draw: st.DrawFn, known: Mapping[str, st.SearchStrategy[Any]], always: frozenset[str]) -> Body:
    others = draw(_DENSITIES)
    wanted = [name for name in known if name in always or (others is not None and draw(others))]
    if not wanted:
        wanted = [draw(st.sampled_from([*list(known)[1:], *list(known)[:1]]))]
    return _body({name: draw(known[name]) for name in wanted})


def _body(drawn: Mapping[str, Any]) -> Body:
    body: Body = {}
    for name, value in drawn.items():
        if isinstance(value, Together):
            body.update(value)
        elif value is not ABSENT:
            body[name] = value
    return body


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [string for member in value.values() for string in _strings(member)]
    if isinstance(value, list):
        return [string for member in value for string in _strings(member)]
    return []
