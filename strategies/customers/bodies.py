"""Valid bodies of create, upsert and patch, with many properties at once because requests are expensive."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import hypothesis.strategies as st

from spec import ABSENT
from strategies import namespace
from strategies.customers.properties import Body, BodyOperation, Joint, values

# Whether a property is in a body: 0 means no and comes first, so that bodies shrink to small ones.
_OFTEN = st.integers(0, 3)
_DENSITIES = st.sampled_from((None, st.integers(0, 1), _OFTEN))  # a patch names one property, some or most


def plain(**overrides: Any) -> Body:
    """A small valid body of create or upsert with a fresh address; ABSENT removes a property."""
    body = {"contactEmail": namespace.fresh_email(), "firstName": "Ada", "lastName": "Lovelace", **overrides}
    return {name: value for name, value in body.items() if value is not ABSENT}


def valid_bodies(
    operation: BodyOperation,
    *,
    sites: Sequence[str] = ("main",),
    restrictions: Sequence[str] = (),
    conservative: bool = False,
    longest: int = 2049,
    without: Collection[str] = (),
    **parts: Any,
) -> st.SearchStrategy[Body]:
    """Valid bodies of create, upsert or patch.

    Those of create and upsert have most properties, and always an unused contactEmail; those of patch name at least
    one property, and some have an address, a fresh one each time. Only create has an id, the others active and onHold.

    A part, which is a value or a strategy under the name of a property, is in every body. `without` names
    properties to leave out. `sites` and `restrictions` are those that the tenant has configured; without any,
    the restriction is null or absent. `conservative` draws only plain values, `longest` bounds text in
    characters. A body has a password only as a part. Source: create, upsert and patch, body.
    """
    known = values(operation, tuple(sites), tuple(restrictions), conservative, longest)
    drawn = {name: value for name, value in known.items() if name not in without}
    if "metadata" in without and "mixins" in drawn:
        drawn["mixins"] = drawn["mixins"].map(lambda joint: Joint(mixins=joint["mixins"]))
    for name, part in parts.items():
        drawn[name] = part if isinstance(part, st.SearchStrategy) else st.just(part)
    if operation == "patch":
        return _patches(drawn, frozenset(parts))
    return _whole_bodies(drawn, frozenset({"contactEmail"} - set(without)) | frozenset(parts))


@st.composite
def _whole_bodies(
    draw: st.DrawFn, known: Mapping[str, st.SearchStrategy[Any]], always: frozenset[str]
) -> Body:
    return _body({name: draw(known[name]) for name in known if name in always or draw(_OFTEN)})


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
