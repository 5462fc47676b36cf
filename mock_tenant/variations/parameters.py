"""Variations of the parameters of list, search and get: what a tenant may accept or reject."""

from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.listing import SortKey
from mock_tenant.constants import ON_REQUEST, PROPERTIES, STRINGS
from mock_tenant.messages import ApiRequest, invalid_field
from mock_tenant.query_language import Condition, resolve
from mock_tenant.registry import variation
from mock_tenant.store import Customer

SORTABLE = frozenset(name for names in PROPERTIES.values() for name in names) | {
    "id",
    "customerNumber",
    "email",
    "businessModel",
    "metadataCreatedAt",
    *ON_REQUEST,
}
NEVER = Condition("id", "null")
"""A condition that no customer matches: every customer has an id."""


@variation(readings={"*.sort.unknown": "rejected"})
class UnknownSortIsRefused(Behaviour):
    """Sorting by an unknown property is rejected."""

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        keys = super().sort_keys(request)
        if any(name.partition(".")[0] not in SORTABLE for name, _ in keys):
            raise invalid_field("sort", "There is no such property.")
        return keys


@variation(readings={"*.sort.localised": "rejected"})
class LocalisedSortIsRefused(Behaviour):
    """Sorting by a language of a string property is rejected."""

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        keys = super().sort_keys(request)
        if any(name.partition(".")[0] in STRINGS and "." in name for name, _ in keys):
            raise invalid_field("sort", "The property has no languages.")
        return keys


@variation(readings={"*.sort.several": "colons rejected"})
class ColonsDoNotSeparate(Behaviour):
    """Only commas separate sort properties; a colon precedes a direction."""

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        for part in request.params.get("sort", "").split(","):
            _, colon, direction = part.partition(":")
            if colon and direction not in ("asc", "desc"):
                raise invalid_field("sort", "The direction must be asc or desc.")
        return super().sort_keys(request)


@variation(readings={"*.sort.several": "commas rejected"})
class CommasDoNotSeparate(Behaviour):
    """Only colons separate sort properties."""

    def sort_keys(self, request: ApiRequest) -> list[SortKey]:
        if "," in request.params.get("sort", ""):
            raise invalid_field("sort", "There is no such property.")
        return super().sort_keys(request)


@variation(readings={"*.q.no-key": "no key accepted"})
class QueriesWithoutAKeySelectNothing(Behaviour):
    """A q without a key is accepted, and no customer matches it."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        words = (self.query_text(request) or "").split()
        if words and not any(character in word for word in words for character in ':~()"'):
            return [NEVER]
        return super().parse_conditions(request)


@variation(readings={"*.q.no-key": "lone tilde accepted"})
class ALoneTildeSelectsNothing(Behaviour):
    """A q of one tilde is accepted, and no customer matches it."""

    def parse_conditions(self, request: ApiRequest) -> list[Condition]:
        return [NEVER] if self.query_text(request) == "~" else super().parse_conditions(request)


@variation(readings={"*.expand.unknown": "rejected"})
class UnknownExpandIsRefused(Behaviour):
    """An unknown attribute in expand is rejected."""

    def expansion(self, request: ApiRequest) -> list[str]:
        words = super().expansion(request)
        if any(word not in ("accounts", "addresses") and word.partition(":")[0] != "mixin" for word in words):
            raise invalid_field("expand", "There is no such attribute.")
        return words

    def select_page(self, request: ApiRequest) -> list[Any]:
        self.expansion(request)
        return super().select_page(request)


@variation(readings={"*.pageNumber.alone": "rejected"})
class PageNumberNeedsPageSize(Behaviour):
    """A pageNumber without a pageSize is rejected."""

    def requested_page(self, request: ApiRequest) -> tuple[int, int]:
        if "pageNumber" in request.params and "pageSize" not in request.params:
            raise invalid_field("pageSize", "The pageNumber needs a pageSize.")
        return super().requested_page(request)


@variation()
class RepeatedParametersAreRefused(Behaviour):
    """A query parameter that is given twice is rejected with 400."""

    def authorize(self, request: ApiRequest) -> None:
        super().authorize(request)
        for name in request.repeated:
            raise invalid_field(name, "The parameter must be given once.")


@variation()
class QueriesIgnoreCase(Behaviour):
    """Queries for texts and ids ignore case, which only SHOULD clauses forbid."""

    def matches(self, request: ApiRequest, condition: Condition, customer: Customer) -> bool:
        value = resolve(self.searchable_document(request, customer), condition.name)
        if condition.form in ("exact", "any-of") and isinstance(value, str):
            return value.lower() in {str(operand).lower() for operand in condition.operands}
        return super().matches(request, condition, customer)
