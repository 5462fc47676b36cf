"""Which customers a query selects. Source: published, the parameter q of list and search."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from oracle.customers.model import CustomerModel
from oracle.json_values import Anything, Json
from oracle.results.conditions import (
    Condition,
    Literal,
    Test,
    Verdict,
    all_of,
    any_of,
    compares,
    conjunction,
    equals,
    exists,
    is_missing,
    is_null,
    searches,
    values_at,
)
from spec import ABSENT, Absent

Customer = TypeVar("Customer", bound="Mapping[str, Any] | CustomerModel")

_NAME: Final = re.compile(r"([A-Za-z_][\w-]*(?:\.[\w-]+)*):", re.ASCII)
_SIGN: Final = re.compile(r">=|<=|>|<")
_QUOTED: Final = re.compile(r'"([^"]*)"')
_WORDS: Final[Mapping[str, Test]] = {"null": is_null, "exists": exists, "missing": is_missing}


class QueryError(ValueError):
    """A query of no published form; the message names the part that is not valid."""


def select(customers: Iterable[Customer], q: str) -> list[Customer]:
    """The customers (of a response, or models) that a query definitely selects, in order; QueryError if invalid."""
    conditions = parse(q)
    return [customer for customer in customers if _verdict(customer, conditions) is True]


def indeterminate(customers: Iterable[Customer], q: str) -> list[Customer]:
    """The customers for which the contract does not determine whether a query selects them, in order."""
    conditions = parse(q)
    return [customer for customer in customers if _verdict(customer, conditions) is None]


def parse(q: str) -> tuple[Condition, ...]:
    """The conditions of a query, all of which must hold; QueryError where it has none of the published forms."""
    if not q.strip():
        raise QueryError("the query is empty")
    return tuple(_condition(part) for part in conditions_of(q))


def conditions_of(q: str) -> Iterator[str]:
    """The texts of the conditions, separated by spaces outside brackets and quotes; QueryError if one is not closed."""
    start, depth, quoted = 0, 0, False
    for index, character in enumerate(q):
        quoted ^= character == '"'
        depth += 0 if quoted else (character == "(") - (character == ")")
        if character == " " and depth <= 0 and not quoted:
            if q[start:index]:
                yield q[start:index]
            start = index + 1
    if quoted or depth > 0:
        raise QueryError(f"a bracket or quote is not closed in {q!r}")
    if q[start:]:
        yield q[start:]


def _condition(part: str) -> Condition:
    key = _NAME.match(part)
    if key is None:
        raise QueryError(f"{part!r} does not start with a property and a colon")
    return Condition(key.group(1), _test(part[key.end() :]))


def _test(operand: str) -> Test:
    if operand in _WORDS:
        return _WORDS[operand]
    if operand.startswith("(") and operand.endswith(")"):
        return _bracketed(operand[1:-1])
    if operand.startswith("~"):
        return _regex(operand[1:])
    return _simple(operand)


def _bracketed(inside: str) -> Test:
    if inside.startswith("~"):
        return _regex(inside[1:])
    if _SIGN.match(inside):
        return partial(all_of, [_simple(bound.strip()) for bound in inside.split(" AND ")])
    values = re.findall(r'"[^"]*"|[^,]+', inside) or [""]
    return partial(any_of, [partial(equals, _literal(value.strip())) for value in values])


def _simple(operand: str) -> Test:
    sign = _SIGN.match(operand)
    if sign is None:
        return partial(equals, _literal(operand))
    return partial(compares, sign.group(), _literal(operand[sign.end() :].strip()))


def _regex(expression: str) -> Test:
    if not expression:
        raise QueryError("a tilde without an expression")
    try:
        return partial(searches, re.compile(expression))
    except re.error as error:
        raise QueryError(f"{expression!r} is not a regular expression ({error})") from error


def _literal(text: str) -> Literal:
    if not text:
        raise QueryError("a property without a value")
    quoted = _QUOTED.fullmatch(text)
    return Literal(quoted.group(1), quoted=True) if quoted else Literal(text)


def _verdict(customer: Mapping[str, Any] | CustomerModel, conditions: Sequence[Condition]) -> Verdict:
    return conjunction([_holds(customer, condition) for condition in conditions])


def _holds(customer: Mapping[str, Any] | CustomerModel, condition: Condition) -> Verdict:
    """Whether the condition holds for every customer that the model permits."""
    if not isinstance(customer, CustomerModel):
        return _of_values(values_at(customer, condition.name), condition)
    examples = _examples(customer, condition)
    verdicts = [_of_values(values_at(example, condition.name), condition) for example in examples]
    return verdicts[0] if all(verdict is verdicts[0] for verdict in verdicts) else None


def _of_values(values: list[Json | Absent], condition: Condition) -> Verdict:
    verdicts = [condition.test(value) for value in values]
    return verdicts[0] if len(verdicts) == 1 else (True if all(verdicts) else None)


def _examples(model: CustomerModel, condition: Condition) -> Iterator[dict[str, Json]]:
    """Customers that the model permits, one for each value that may make the condition differ."""
    name = condition.name.partition(".")[0]
    permitted = (model.id,) if name == "id" else model.fields.get(name, (Anything(),))
    for value in permitted:
        if isinstance(value, Anything):
            yield from ({name: ABSENT}, {name: "\0"}, {name: "2000-01-01T00:00:00Z"}, {})
        else:
            yield {name: value}
