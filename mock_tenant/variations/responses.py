"""Variations of responses: representation, order, error bodies and headers."""

import unicodedata
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Client
from mock_tenant.constants import READ_OPERATIONS, STRINGS
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse, forbidden
from mock_tenant.registry import variation
from mock_tenant.store import Customer


@variation(readings={"get.absent.form": "null"})
class AbsentIsNull(Behaviour):
    """An absent string property is returned as null, and so is lastLogin."""

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        return {**dict.fromkeys((*STRINGS, "lastLogin")), **super().serialize(request, customer)}


@variation()
class RestrictionIsNull(Behaviour):
    """The restriction of a customer without one is returned as null."""

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        return {"restriction": None, **super().serialize(request, customer)}


@variation()
class EmailIsEmpty(Behaviour):
    """The property email is empty; contactEmail has the address."""

    def build_document(self, customer: Customer) -> dict[str, Any]:
        return {**super().build_document(customer), "email": ""}


@variation()
class EmptyMixinsAreShown(Behaviour):
    """Mixins that expand does not name are returned as an empty object."""

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        expanded = super().expand_property(request, name, value, expansion)
        return {} if expanded is None and name == "mixins" else expanded

    def build_document(self, customer: Customer) -> dict[str, Any]:
        return {"mixins": {}, **super().build_document(customer)}


@variation(readings={"get.expand.accounts": "always returned"})
class AccountsAlwaysShow(Behaviour):
    """Accounts are returned even if expand does not name them."""

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        return value if name == "accounts" else super().expand_property(request, name, value, expansion)


@variation(
    readings={
        "get.expand.accounts": "never returned",
        "list.expand.accounts": "not returned",
        "search.expand.accounts": "not returned",
    }
)
class AccountsNeverShow(Behaviour):
    """Accounts are not returned, even if expand names them."""

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        return None if name == "accounts" else super().expand_property(request, name, value, expansion)


@variation(
    readings={
        "get.expand.accounts": "returned without expand only",
        "list.expand.accounts": "not returned",
        "search.expand.accounts": "not returned",
    }
)
class ExpandOmitsAccounts(Behaviour):
    """Accounts are returned unless expand names them."""

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        if name == "accounts":
            return None if name in expansion else value
        return super().expand_property(request, name, value, expansion)


@variation()
class AccountsNameTheProvider(Behaviour):
    """Accounts have a providerId."""

    def accounts(self, customer: Customer) -> list[dict[str, str]]:
        return [{**account, "providerId": "mock"} for account in super().accounts(customer)]


@variation()
class ResponsesStateTheirTime(Behaviour):
    """Every response states in each customer, and in its metadata, when it was made."""

    def serialize(self, request: ApiRequest, customer: Customer) -> dict[str, Any]:
        shown = super().serialize(request, customer)
        served = {"servedAt": self.timestamp(), "servedAs": self.increment("served")}
        return {**shown, **served, "metadata": {**shown.get("metadata", {}), **served}}


@variation()
class NewPropertiesAppear(Behaviour):
    """Customers have undocumented properties, and the time of their last change."""

    def build_document(self, customer: Customer) -> dict[str, Any]:
        return {
            **super().build_document(customer),
            "loyalty": {"points": 0},
            "metadataModifiedAt": self.timestamp(),
        }


@variation()
class PatchAnswersTheCustomer(Behaviour):
    """A patch returns 200 with the customer in the body."""

    async def handle_patch(self, request: ApiRequest) -> ApiResponse:
        response = await super().handle_patch(request)
        customer = request.tenant.customers.get(request.customer_number)
        return response.replace(body=self.serialize(request, customer)) if customer is not None else response


@variation()
class DetailsAreAnObject(Behaviour):
    """The details of a 404 are an object instead of an array."""

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        body = super().error_body(request, error)
        details = body.get("details")
        if error.status == 404 and isinstance(details, list) and details:
            body["details"] = details[0]
        return body


@variation()
class ErrorsSayLittle(Behaviour):
    """Error bodies have only status, type, another message, and the details of a 404."""

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        body = super().error_body(request, error)
        kept = ("status", "type", "details") if error.status == 404 else ("status", "type")
        return {**{name: body[name] for name in kept if name in body}, "message": "No."}


@variation(readings={"get.restriction.answer": "forbidden"})
class HiddenCustomersAreForbidden(Behaviour):
    """Get returns 403 for a customer outside the restrictions of the client."""

    def require_customer(self, request: ApiRequest) -> Customer:
        customer = self.find_customer(request)
        if customer is not None and not self.is_within_restrictions(request, customer):
            raise forbidden()
        return super().require_customer(request)


@variation(readings={"*.sort.collation": "ignores case"})
class CollationIgnoresCase(Behaviour):
    """Strings are sorted without regard to case."""

    def collation_key(self, request: ApiRequest, text: str) -> Any:
        return (super().collation_key(request, text.casefold()), text)


@variation(readings={"*.sort.collation": "ignores case and accents"})
class CollationIgnoresAccents(Behaviour):
    """Strings are sorted by base letters first, then by accents and case."""

    def collation_key(self, request: ApiRequest, text: str) -> Any:
        base = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return (super().collation_key(request, base.casefold()), text)


@variation()
class TheUnrestrictedAreSeenByAll(Behaviour):
    """A client limited to restrictions also sees the customers without a restriction."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        return self.effective_restriction(customer) is None or super().is_within_restrictions(
            request, customer
        )


@variation()
class RestrictionsLimitReadingAlone(Behaviour):
    """A client limited to restrictions may write to every customer, because the contract limits only what it sees."""

    def is_within_restrictions(self, request: ApiRequest, customer: Customer) -> bool:
        is_write = request.operation not in READ_OPERATIONS
        return is_write or super().is_within_restrictions(request, customer)


@variation(readings={"*.sort.absent": "last"})
class CollationPutsTheAbsentLast(Behaviour):
    """In ascending order, customers without the sorted property come last."""

    def sort_rank(self, request: ApiRequest, value: Any) -> tuple[int, Any]:
        rank, key = super().sort_rank(request, value)
        return (rank or 9, key)


@variation(readings={"*.order.unsorted": "newest first"})
class NewestFirst(Behaviour):
    """Without sort, the newest customers come first."""

    def sort_customers(self, request: ApiRequest, customers: list[Customer]) -> list[Customer]:
        return super().sort_customers(request, customers if self.sort_keys(request) else customers[::-1])


@variation()
class FurtherHeaders(Behaviour):
    """Responses have undocumented headers, and the media type of JSON has a charset."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        is_json = isinstance(response.body, dict | list)
        media_type = "application/json;charset=UTF-8" if is_json else response.media_type
        headers = {"X_Request_Id": f"{request.number:08d}", "Vary": "Accept"}
        return response.with_headers(**headers).replace(media_type=media_type)


@variation(readings={"*.total-count": "returned"})
class TotalCountOnRequest(Behaviour):
    """List and search answer the request header X-Total-Count with the number of all matches."""

    def handle_listing(self, request: ApiRequest) -> ApiResponse:
        response = super().handle_listing(request)
        if request.headers.get("x-total-count") != "true":
            return response
        total = len(self.filter_customers(request, self.visible_customers(request)))
        return response.with_headers(X_Total_Count=str(total))


@variation()
class TokensHaveNoRefreshMembers(Behaviour):
    """The token response has no refresh_token, no lifetime of one, and no idle time."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        kept = ("access_token", "token_type", "expires_in", "scope")
        return {name: value for name, value in super().issue_token(client, scopes).items() if name in kept}


@variation()
class TokenLifetimesAreDecimals(Behaviour):
    """The lifetime of a token is a number with a decimal point, as 3600.0."""

    def issue_token(self, client: Client, scopes: list[str]) -> dict[str, object]:
        token = super().issue_token(client, scopes)
        return {**token, "expires_in": float(str(token["expires_in"]))}


@variation()
class MetadataIsTheTenantsOwn(Behaviour):
    """Metadata is accepted from clients, and never returned, not even the version."""

    def document(self, customer: Customer) -> dict[str, Any]:
        document = super().document(customer)
        return {name: value for name, value in document.items() if name != "metadata"}
