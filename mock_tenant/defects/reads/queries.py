"""Conditions of q that are ignored, widened, narrowed, or looked up in what used to be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import ABSENT, LISTING
from mock_tenant.querying import Condition, holds, resolve
from mock_tenant.registry import plant
from mock_tenant.requests import Call
from mock_tenant.store import Customer

Document = Mapping[str, Any]
Judgement = Callable[[Condition, Document], bool]


def misjudges(form: str, aspect: str, name: str, lie: str, judgement: Judgement) -> None:
    """Plants, in list and in search, another judgement of one form of condition."""
    for operation in LISTING:
        plant(
            f"{operation}.q.{aspect}",
            misjudgement(operation, form, judgement),
            name=f"{operation}-{name}",
            lie=f"{operation.capitalize()} {lie}",
        )


def misjudgement(operation: str, form: str, judgement: Judgement) -> type[Behaviour]:
    """A behaviour that judges one form of condition otherwise."""

    class Misjudges(Behaviour):
        def meets(self, call: Call, condition: Condition, customer: Customer) -> bool:
            if call.operation == operation and condition.form == form:
                return judgement(condition, self.searched(call, customer))
            return super().meets(call, condition, customer)

    return Misjudges


def text_of(condition: Condition, document: Document) -> str:
    """The text at the name of a condition; empty where there is none."""
    value = resolve(document, condition.name)
    return value if isinstance(value, str) else ""


def blunt(condition: Condition, document: Document) -> bool:
    """Judges < as <= and > as >=, and the other way round."""
    turned = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}
    operands = tuple((turned[sign], operand) for sign, operand in condition.operands)
    return holds(replace(condition, operands=operands), document)


def backwards(condition: Condition, document: Document) -> bool:
    """Judges < as > and <= as >=, and the other way round."""
    turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    operands = tuple((turned[sign], operand) for sign, operand in condition.operands)
    return holds(replace(condition, operands=operands), document)


def open_range(keep: int) -> Judgement:
    """Judges a range by one of its bounds."""
    return lambda condition, document: holds(
        replace(condition, operands=condition.operands[keep : keep + 1] or condition.operands), document
    )


def first_word(condition: Condition, document: Document) -> bool:
    """Judges an expression with spaces by its first word."""
    word = condition.operands[0].pattern.split(" ")[0]
    try:
        return re.search(word, text_of(condition, document)) is not None
    except re.error:
        return False


misjudges(
    "exact",
    "exact",
    "matches-prefixes",
    "takes q=field:value for a prefix.",
    lambda c, d: text_of(c, d).startswith(c.operands[0]),
)
misjudges(
    "exact",
    "exact",
    "matches-substrings",
    "takes q=field:value for a part of the value.",
    lambda c, d: c.operands[0] in text_of(c, d),
)
misjudges("exact", "exact", "ignores-exact-conditions", "ignores q=field:value.", lambda _c, _d: True)
misjudges("exact", "exact", "finds-no-exact-match", "finds nobody by q=field:value.", lambda _c, _d: False)
misjudges(
    "exact",
    "case",
    "matches-in-any-case",
    "matches a value in any case.",
    lambda c, d: text_of(c, d).lower() == c.operands[0].lower() or holds(c, d),
)
misjudges("boolean", "boolean", "ignores-flags", "ignores q=field:true.", lambda _c, _d: True)
misjudges(
    "boolean", "boolean", "turns-flags-round", "takes true for false in q.", lambda c, d: not holds(c, d)
)
misjudges("compare", "date", "turns-comparisons-round", "takes < for > in q.", backwards)
misjudges("compare", "date", "ignores-comparisons", "ignores comparisons in q.", lambda _c, _d: True)
misjudges("compare", "date", "blunts-comparisons", "takes < for <= and <= for < in q.", blunt)
misjudges(
    "compare",
    "number",
    "finds-nobody-by-numbers",
    "finds nobody by a comparison of numbers.",
    lambda c, d: holds(c, d) and not isinstance(resolve(d, c.name), int | float),
)
misjudges("range", "range", "excludes-the-bounds", "leaves out whoever stands at a bound of a range.", blunt)
misjudges("range", "range", "ignores-the-upper-bound", "ignores the upper bound of a range.", open_range(0))
misjudges("range", "range", "ignores-the-lower-bound", "ignores the lower bound of a range.", open_range(1))
misjudges(
    "null",
    "null",
    "finds-no-null",
    "finds nobody by q=field:null whose field is absent.",
    lambda c, d: resolve(d, c.name) is None,
)
misjudges("null", "null", "ignores-null", "ignores q=field:null.", lambda _c, _d: True)
misjudges("exists", "exists", "ignores-exists", "ignores q=field:exists.", lambda _c, _d: True)
misjudges(
    "exists",
    "exists",
    "takes-exists-for-missing",
    "takes exists for missing.",
    lambda c, d: resolve(d, c.name) is ABSENT,
)
misjudges("missing", "missing", "ignores-missing", "ignores q=field:missing.", lambda _c, _d: True)
misjudges(
    "missing",
    "missing",
    "takes-the-empty-for-missing",
    "finds whoever has an empty text by q=field:missing.",
    lambda c, d: resolve(d, c.name) in (ABSENT, ""),
)
misjudges(
    "missing", "missing", "finds-nothing-missing", "finds nobody by q=field:missing.", lambda _c, _d: False
)
misjudges(
    "any-of",
    "any-of",
    "takes-the-first-of-several",
    "finds whoever has the first of several values only.",
    lambda c, d: holds(replace(c, operands=c.operands[:1]), d),
)
misjudges("any-of", "any-of", "ignores-any-of", "ignores q=field:(v1,v2).", lambda _c, _d: True)
misjudges("regex", "regex", "ignores-expressions", "ignores q=field:~regex.", lambda _c, _d: True)
misjudges(
    "regex",
    "regex",
    "takes-expressions-literally",
    "takes a regular expression for a plain text.",
    lambda c, d: c.operands[0].pattern in text_of(c, d),
)
misjudges(
    "regex-words",
    "regex-words",
    "stops-at-the-first-word",
    "matches the first word of an expression with spaces.",
    first_word,
)
misjudges(
    "regex-words",
    "regex-words",
    "finds-no-expression-with-spaces",
    "finds nobody by an expression with spaces.",
    lambda _c, _d: False,
)


def joins_wrongly(operation: str) -> None:
    """Plants slips in the joining of conditions, the reach of names and the age of what is searched."""

    class OrJoined(Behaviour):
        def matching(self, call: Call, customers: list[Customer]) -> list[Customer]:
            found = self.conditions(call)
            if call.operation != operation or len(found) < 2:
                return super().matching(call, customers)
            return [c for c in customers if any(self.meets(call, condition, c) for condition in found)]

    class FirstOnly(Behaviour):
        def conditions(self, call: Call) -> list[Condition]:
            return super().conditions(call)[: 1 if call.operation == operation else None]

    class LastOnly(Behaviour):
        def conditions(self, call: Call) -> list[Condition]:
            return super().conditions(call)[-1 if call.operation == operation else 0 :]

    class Shallow(Behaviour):
        def meets(self, call: Call, condition: Condition, customer: Customer) -> bool:
            deep = call.operation == operation and "." in condition.name
            return not deep and super().meets(call, condition, customer)

    class DotsIgnored(Behaviour):
        def meets(self, call: Call, condition: Condition, customer: Customer) -> bool:
            deep = call.operation == operation and "." in condition.name
            return deep or super().meets(call, condition, customer)

    class Stale(Behaviour):
        def write(self, call: Call, before: Customer | None, after: Customer) -> None:
            super().write(call, before, after)
            after.memo["searched"] = dict(
                self.document(before.memo.get("origin", before) if before else after)
            )
            after.memo["origin"] = before.memo.get("origin", before) if before else after

        def searched(self, call: Call, customer: Customer) -> Mapping[str, Any]:
            stale: Mapping[str, Any] | None = customer.memo.get("searched")
            fresh = call.operation != operation or stale is None
            return super().searched(call, customer) if fresh else stale or {}

    class NothingByQ(Behaviour):
        def conditions(self, call: Call) -> list[Condition]:
            return [] if call.operation == operation else super().conditions(call)

    said = operation.capitalize()
    plant(
        f"{operation}.q.all-of",
        OrJoined,
        also=(f"{operation}.q.conjunction",),
        name=f"{operation}-joins-conditions-by-or",
        lie=f"{said} returns whoever meets one of several conditions.",
    )
    plant(
        f"{operation}.q.conjunction",
        FirstOnly,
        also=(f"{operation}.q.all-of",),
        name=f"{operation}-takes-the-first-condition",
        lie=f"{said} ignores every condition but the first.",
    )
    plant(
        f"{operation}.q.conjunction",
        LastOnly,
        also=(f"{operation}.q.all-of",),
        name=f"{operation}-takes-the-last-condition",
        lie=f"{said} ignores every condition but the last.",
    )
    plant(
        f"{operation}.q.nested",
        Shallow,
        name=f"{operation}-finds-no-nested-names",
        lie=f"{said} finds nobody by a name with dots.",
    )
    plant(
        f"{operation}.q.nested",
        DotsIgnored,
        name=f"{operation}-ignores-nested-names",
        lie=f"{said} ignores conditions on names with dots.",
    )
    plant(
        f"{operation}.q.fresh",
        Stale,
        name=f"{operation}-searches-what-was-created",
        lie=f"{said} looks conditions up in what a customer was when it was created.",
    )
    plant(f"{operation}.q.exact", NothingByQ, name=f"{operation}-ignores-q", lie=f"{said} ignores q.")


for _operation in LISTING:
    joins_wrongly(_operation)


class SearchByQReturnsOne(Behaviour):
    """Search by q returns the first match only, where list returns them all."""

    def matching(self, call: Call, customers: list[Customer]) -> list[Customer]:
        found = super().matching(call, customers)
        return found[:1] if call.operation == "search" and call.body.get("q") else found


plant("search.q.equals-list", SearchByQReturnsOne, also=("search.q.exact",))


class SearchFindsNobodyInactive(Behaviour):
    """Search by q finds active customers only, where list finds them all."""

    def matching(self, call: Call, customers: list[Customer]) -> list[Customer]:
        found = super().matching(call, customers)
        only = call.operation == "search" and call.body.get("q")
        return [c for c in found if c.values.get("active")] if only else found


plant("search.q.equals-list", SearchFindsNobodyInactive, also=("search.q.exact",))
