"""Valid bodies of create, upsert and patch, with many properties at once because requests are expensive."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import hypothesis.strategies as st

from strategies import namespace
from strategies.cases import ABSENT, as_strategy
from strategies.customers.properties import Body, BodyOperation, Joint, Options, values

# Whether a property is in a body: 0 means no and comes first, so that bodies shrink to small ones.
_OFTEN = st.integers(0, 3)
_DENSITIES = st.sampled_from((None, st.integers(0, 1), _OFTEN))  # a patch names one property, some or most


def plain(**overrides: Any) -> Body:
    """A small valid body of create or upsert with a fresh address; ABSENT removes a property."""
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
    """Valid bodies of create, most of them with most properties, always with an unused contactEmail.

    A part, which is a value or a strategy under the name of a property, is in every body. `without` names
    properties to leave out. `sites` and `restrictions` are those that the tenant has configured; without any,
    the restriction is null or absent. `conservative` draws only plain values, `longest` bounds text in
    characters. A body has a password only as a part. Source: create, body.
    """
    options = Options(tuple(sites), tuple(restrictions), conservative, longest)
    return _whole_bodies("create", options, without, parts)


def upsert_bodies(
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    conservative: bool = False,
    longest: int = 2049,
    without: Collection[str] = (),
    **parts: Any,
) -> st.SearchStrategy[Body]:
    """Valid bodies of upsert: those of create, with active and onHold and without an id."""
    options = Options(tuple(sites), tuple(restrictions), conservative, longest)
    return _whole_bodies("upsert", options, without, parts)


def patch_bodies(
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    conservative: bool = False,
    longest: int = 2049,
    without: Collection[str] = (),
    **parts: Any,
) -> st.SearchStrategy[Body]:
    """Valid bodies of patch that name at least one property; parts are in all of them.

    Some have an address, a fresh one each time. Source: patch, body.
    """
    options = Options(tuple(sites), tuple(restrictions), conservative, longest)
    return _patches(_known("patch", options, without, parts), frozenset(parts))


def _whole_bodies(
    operation: BodyOperation, options: Options, without: Collection[str], parts: Mapping[str, Any]
) -> st.SearchStrategy[Body]:
    always = frozenset({"contactEmail"} - set(without)) | frozenset(parts)
    return _some_of(_known(operation, options, without, parts), always, _OFTEN)


def _known(
    operation: BodyOperation, options: Options, without: Collection[str], parts: Mapping[str, Any]
) -> dict[str, st.SearchStrategy[Any]]:
    known = {name: value for name, value in values(operation, options).items() if name not in without}
    if "metadata" in without and "mixins" in known:
        known["mixins"] = known["mixins"].map(lambda joint: Joint(mixins=joint["mixins"]))
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
        if isinstance(value, Joint):
            body.update(value)
        elif value is not ABSENT:
            body[name] = value
    return body
