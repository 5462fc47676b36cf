"""Defects of values in q: characters, lengths and dates that a list or a search compares wrongly."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import ABSENT, LIST_OPERATIONS
from mock_tenant.defects.reads.conditions import Evaluation, evaluates_wrongly
from mock_tenant.messages import ApiRequest
from mock_tenant.query_language import Condition, equals, holds, resolve
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer

Document = Mapping[str, Any]


def compared_as(change: Callable[[str], str]) -> Evaluation:
    """Compares both sides changed."""

    def evaluate(condition: Condition, document: Document) -> bool:
        value = resolve(document, condition.name)
        if isinstance(value, str):
            return change(value) == change(condition.operands[0])
        return equals(value, condition.operands[0])

    return evaluate


def with_operand(change: Callable[[str], str]) -> Evaluation:
    """Compares with a changed value of the query."""
    return lambda condition, document: holds(
        replace(condition, operands=(change(condition.operands[0]),)), document
    )


def like(condition: Condition, document: Document) -> bool:
    """Compares as SQL's LIKE does: an underscore matches any character, a percent sign any text."""
    pattern = re.escape(condition.operands[0]).replace("_", ".").replace("%", ".*")
    value = resolve(document, condition.name)
    if isinstance(value, str):
        return re.fullmatch(pattern, value) is not None
    return equals(value, condition.operands[0])


def words(condition: Condition, document: Document) -> bool:
    """Compares words between hyphens and spaces, as a tokenized index does."""
    wanted = re.split(r"[\s-]+", condition.operands[0])
    value = resolve(document, condition.name)
    if isinstance(value, str):
        found = re.split(r"[\s-]+", value)
        return value == condition.operands[0] or all(word in found for word in wanted)
    return equals(value, condition.operands[0])


def without_accents(text: str) -> str:
    """The text without accents."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def present(condition: Condition, document: Document) -> bool:
    """Finds a value that is not empty, false or 0."""
    value = resolve(document, condition.name)
    return value is not ABSENT and bool(value)


def without_false(condition: Condition, document: Document) -> bool:
    """Finds a value that is not false."""
    return resolve(document, condition.name) is not False and holds(condition, document)


def before_at_signs(condition: Condition, document: Document) -> bool:
    """Matches an expression against the part before an at sign."""
    value = resolve(document, condition.name)
    part = value.partition("@")[0] if isinstance(value, str) else value
    return holds(condition, {condition.name: part})


def with_spaces_for_plus_signs(condition: Condition, document: Document) -> bool:
    """Matches an expression in which each plus sign is a space."""
    expression = re.compile(condition.operands[0].pattern.replace("+", " "))
    return holds(replace(condition, operands=(expression,)), document)


def first_two(condition: Condition, document: Document) -> bool:
    """Matches the first two of several values."""
    return holds(replace(condition, operands=condition.operands[:2]), document)


def null_or_empty(condition: Condition, document: Document) -> bool:
    """Finds absent and empty values."""
    return resolve(document, condition.name) in (ABSENT, None, "")


for _name, _description, _wrong in (
    (
        "reads-plus-signs-as-spaces",
        "interprets a plus sign in a value as a space.",
        with_operand(lambda t: t.replace("+", " ")),
    ),
    ("cuts-values-at-30", "compares the first 30 characters of values.", compared_as(lambda t: t[:30])),
    ("ignores-accents", "ignores accents in values.", compared_as(without_accents)),
    ("ignores-hyphens", "ignores hyphens in values.", compared_as(lambda t: t.replace("-", ""))),
    ("ignores-underscores", "ignores underscores in values.", compared_as(lambda t: t.replace("_", ""))),
    (
        "compares-values-before-at-signs",
        "compares the part before an at sign.",
        compared_as(lambda t: t.partition("@")[0]),
    ),
    ("matches-like-sql", "interprets _ and % in a value as wildcards.", like),
    ("matches-words", "matches customers that have all words of a value.", words),
):
    evaluates_wrongly("exact", "exact", _name, _description, _wrong)
evaluates_wrongly(
    "exact",
    "exact",
    "finds-nothing-beyond-ascii",
    "matches no customer by q=field:value with a character beyond ASCII.",
    lambda c, d: c.operands[0].isascii() and holds(c, d),
)
evaluates_wrongly(
    "exists",
    "exists",
    "finds-no-empty-values",
    "matches no empty and no false value by q=field:exists.",
    present,
)
evaluates_wrongly(
    "exists", "exists", "finds-no-false-values", "matches no false value by q=field:exists.", without_false
)
evaluates_wrongly(
    "regex",
    "regex",
    "matches-expressions-before-at-signs",
    "matches a regular expression against the part before an at sign.",
    before_at_signs,
)
evaluates_wrongly(
    "regex",
    "regex",
    "reads-plus-signs-of-expressions-as-spaces",
    "interprets a plus sign in a regular expression as a space.",
    with_spaces_for_plus_signs,
)
evaluates_wrongly(
    "any-of",
    "any-of",
    "matches-the-first-two-of-several-values",
    "matches the first two of several values.",
    first_two,
)
evaluates_wrongly(
    "null", "null", "matches-empty-strings-as-null", "matches empty strings by q=field:null.", null_or_empty
)


def date_of(text: str) -> str:
    """The date in a date-time."""
    return text.strip('"')[:10]


@operation_defects(LIST_OPERATIONS, "{}.q.date", also_violates=["{}.q.range"])
class ComparesDays(Behaviour):
    """{} compares only the days of dates."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        if condition.name != "metadataCreatedAt" or condition.form not in ("compare", "range"):
            return super().matches(request, condition, customer)
        operands = tuple((sign, date_of(text)) for sign, text in condition.operands)
        return holds(replace(condition, operands=operands), {condition.name: date_of(customer.created_at)})


@operation_defects(LIST_OPERATIONS, "{}.q.number")
class ComparesNumbersAsText(Behaviour):
    """{} compares numbers as strings."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        value = resolve(self.searchable_document(request, customer), condition.name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and condition.form in ("compare", "range"):
            return holds(replace(condition, name="text"), {"text": str(value)})
        return super().matches(request, condition, customer)
