"""Defects of single conditions in q: conditions that are ignored or evaluated wrongly."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import ABSENT, LIST_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import Condition, holds, resolve
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer

Document = Mapping[str, Any]
Evaluation = Callable[[Condition, Document], bool]
"""Whether a document matches a condition."""
COMBINED = {"range": ("{}.q.exclusive-end",), "any-of": ("{}.q.several-of-several",)}
"""Further clauses of queries that contain a form of condition."""


def evaluates_wrongly(form: str, aspect: str, name: str, description: str, evaluate: Evaluation) -> None:
    """Seeds a list and a search with a wrong evaluation of one form of condition."""

    @operation_defects(
        LIST_OPERATIONS,
        "{}.q." + aspect,
        name="{}-" + name,
        description="{} " + description,
        also_violates=COMBINED.get(form, ()),
    )
    class EvaluatesWrongly(Behaviour):
        def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
            if condition.form == form:
                return evaluate(condition, self.searchable_document(request, customer))
            return super().matches(request, condition, customer)


def string_at(condition: Condition, document: Document) -> str:
    """The string at the path of a condition; empty if there is none."""
    value = resolve(document, condition.name)
    return value if isinstance(value, str) else ""


def without_upper_bound(condition: Condition, document: Document) -> bool:
    """Evaluates <= as < in a range."""
    operands = tuple((sign.replace("<=", "<"), operand) for sign, operand in condition.operands)
    return holds(replace(condition, operands=operands), document)


def swap_strictness(condition: Condition, document: Document) -> bool:
    """Evaluates < as <= and > as >=, and vice versa."""
    swapped = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}
    operands = tuple((swapped[sign], operand) for sign, operand in condition.operands)
    return holds(replace(condition, operands=operands), document)


def swap_direction(condition: Condition, document: Document) -> bool:
    """Evaluates < as > and <= as >=, and vice versa."""
    swapped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    operands = tuple((swapped[sign], operand) for sign, operand in condition.operands)
    return holds(replace(condition, operands=operands), document)


def includes_end(condition: Condition, document: Document) -> bool:
    """Evaluates < in a range as <=."""
    operands = tuple(("<=" if sign == "<" else sign, operand) for sign, operand in condition.operands)
    return holds(replace(condition, operands=operands), document)


def only_bound(index: int) -> Evaluation:
    """Evaluates only one bound of a range."""
    return lambda condition, document: holds(
        replace(condition, operands=condition.operands[index : index + 1] or condition.operands), document
    )


def first_word(condition: Condition, document: Document) -> bool:
    """Evaluates only the first word of a regular expression with spaces."""
    word = condition.operands[0].pattern.split(" ")[0]
    try:
        return re.search(word, string_at(condition, document)) is not None
    except re.error:
        return False


evaluates_wrongly(
    "exact",
    "exact",
    "matches-prefixes",
    "matches q=field:value against the start of the value.",
    lambda c, d: string_at(c, d).startswith(c.operands[0]),
)
evaluates_wrongly(
    "exact",
    "exact",
    "matches-substrings",
    "matches q=field:value against any part of the value.",
    lambda c, d: c.operands[0] in string_at(c, d),
)
evaluates_wrongly("exact", "exact", "ignores-exact-conditions", "ignores q=field:value.", lambda _c, _d: True)
evaluates_wrongly(
    "exact", "exact", "finds-no-exact-match", "matches no customer by q=field:value.", lambda _c, _d: False
)
evaluates_wrongly(
    "exact",
    "case",
    "matches-in-any-case",
    "ignores the case of q=field:value.",
    lambda c, d: string_at(c, d).lower() == c.operands[0].lower() or holds(c, d),
)
evaluates_wrongly("boolean", "boolean", "ignores-flags", "ignores q=field:true.", lambda _c, _d: True)
evaluates_wrongly(
    "boolean", "boolean", "inverts-flags", "interprets true as false in q.", lambda c, d: not holds(c, d)
)
evaluates_wrongly("compare", "date", "inverts-comparisons", "interprets < as > in q.", swap_direction)
evaluates_wrongly("compare", "date", "ignores-comparisons", "ignores comparisons in q.", lambda _c, _d: True)
evaluates_wrongly(
    "compare",
    "date",
    "swaps-strict-and-inclusive-comparisons",
    "interprets < as <= and <= as < in q.",
    swap_strictness,
)
evaluates_wrongly(
    "compare",
    "number",
    "finds-nothing-by-numbers",
    "matches no customer by a comparison of numbers.",
    lambda c, d: holds(c, d) and not isinstance(resolve(d, c.name), int | float),
)
evaluates_wrongly("range", "range", "excludes-the-bounds", "excludes the bounds of a range.", swap_strictness)
evaluates_wrongly(
    "range", "range", "excludes-the-upper-bound", "excludes the upper bound of a range.", without_upper_bound
)
evaluates_wrongly(
    "range", "range", "ignores-the-upper-bound", "ignores the upper bound of a range.", only_bound(0)
)
evaluates_wrongly(
    "range", "range", "ignores-the-lower-bound", "ignores the lower bound of a range.", only_bound(1)
)
evaluates_wrongly(
    "range",
    "exclusive-end",
    "includes-the-end",
    "includes the end of a range that excludes it.",
    includes_end,
)
evaluates_wrongly(
    "null",
    "null",
    "finds-no-null",
    "matches no absent property by q=field:null.",
    lambda c, d: resolve(d, c.name) is None,
)
evaluates_wrongly("null", "null", "ignores-null", "ignores q=field:null.", lambda _c, _d: True)
evaluates_wrongly("exists", "exists", "ignores-exists", "ignores q=field:exists.", lambda _c, _d: True)
evaluates_wrongly(
    "exists",
    "exists",
    "interprets-exists-as-missing",
    "interprets exists as missing.",
    lambda c, d: resolve(d, c.name) is ABSENT,
)
evaluates_wrongly("missing", "missing", "ignores-missing", "ignores q=field:missing.", lambda _c, _d: True)
evaluates_wrongly(
    "missing",
    "missing",
    "matches-empty-strings-as-missing",
    "matches empty strings by q=field:missing.",
    lambda c, d: resolve(d, c.name) in (ABSENT, ""),
)
evaluates_wrongly(
    "missing",
    "missing",
    "finds-nothing-by-missing",
    "matches no customer by q=field:missing.",
    lambda _c, _d: False,
)
evaluates_wrongly(
    "any-of",
    "any-of",
    "matches-the-first-of-several-values",
    "matches only the first of several values.",
    lambda c, d: holds(replace(c, operands=c.operands[:1]), d),
)
evaluates_wrongly("any-of", "any-of", "ignores-any-of", "ignores q=field:(v1,v2).", lambda _c, _d: True)
evaluates_wrongly("regex", "regex", "ignores-expressions", "ignores q=field:~regex.", lambda _c, _d: True)
evaluates_wrongly(
    "regex",
    "regex",
    "matches-expressions-literally",
    "interprets a regular expression as plain text.",
    lambda c, d: c.operands[0].pattern in string_at(c, d),
)
evaluates_wrongly(
    "regex-words",
    "regex-words",
    "stops-at-the-first-word",
    "matches only the first word of a regular expression with spaces.",
    first_word,
)
evaluates_wrongly(
    "regex-group",
    "tilde-before-parenthesis",
    "stops-at-the-first-word-of-a-group",
    "matches only the first word of an expression in parentheses after a tilde.",
    first_word,
)
evaluates_wrongly(
    "regex-group",
    "tilde-before-parenthesis",
    "finds-no-group",
    "matches no customer by an expression in parentheses after a tilde.",
    lambda _c, _d: False,
)
evaluates_wrongly(
    "regex-words",
    "regex-words",
    "finds-no-expression-with-spaces",
    "matches no customer by a regular expression with spaces.",
    lambda _c, _d: False,
)
