"""Answers that look otherwise and say the same."""

import unicodedata
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import TEXTS
from mock_tenant.registry import variation
from mock_tenant.requests import Answer, Call, Refusal, forbidden
from mock_tenant.store import Customer


@variation()
class AbsentIsNull(Behaviour):
    """A text that a customer lacks is shown as null, and so is the last login."""

    def view(self, call: Call, customer: Customer) -> dict[str, Any]:
        return {**dict.fromkeys((*TEXTS, "lastLogin")), **super().view(call, customer)}


@variation()
class RestrictionIsNull(Behaviour):
    """A customer without a restriction shows null as restriction."""

    def view(self, call: Call, customer: Customer) -> dict[str, Any]:
        return {"restriction": None, **super().view(call, customer)}


@variation()
class EmailIsEmpty(Behaviour):
    """The email is empty, the contactEmail holds the address."""

    def described(self, customer: Customer) -> dict[str, Any]:
        return {**super().described(customer), "email": ""}


@variation()
class EmptyMixinsAreShown(Behaviour):
    """Mixins that nobody asked for are shown as an empty object."""

    def expanded(self, call: Call, name: str, value: Any, asked: list[str]) -> Any:
        shown = super().expanded(call, name, value, asked)
        return {} if shown is None and name == "mixins" else shown

    def described(self, customer: Customer) -> dict[str, Any]:
        return {"mixins": {}, **super().described(customer)}


@variation()
class AccountsAndAddressesAlwaysShow(Behaviour):
    """Accounts and addresses are shown whether asked for or not."""

    def expanded(self, call: Call, name: str, value: Any, asked: list[str]) -> Any:
        return super().expanded(call, name, value, asked) if name == "mixins" else value


@variation()
class AccountsNameTheProvider(Behaviour):
    """Accounts show a providerId."""

    def accounts(self, customer: Customer) -> list[dict[str, str]]:
        return [{**account, "providerId": "mock"} for account in super().accounts(customer)]


@variation()
class NewPropertiesAppear(Behaviour):
    """Customers show properties that no reference describes, and the time of their last change."""

    def described(self, customer: Customer) -> dict[str, Any]:
        return {**super().described(customer), "loyalty": {"points": 0}, "metadataModifiedAt": self.today()}


@variation()
class PatchAnswersTheCustomer(Behaviour):
    """A patch answers 200 with the customer."""

    async def patch(self, call: Call) -> Answer:
        answer = await super().patch(call)
        customer = call.tenant.customers.get(call.customer_number)
        return answer.but(body=self.view(call, customer)) if customer is not None else answer


@variation()
class DetailsAreAnObject(Behaviour):
    """The details of a 404 are an object."""

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        message = super().error_message(call, refusal)
        details = message.get("details")
        if refusal.status == 404 and isinstance(details, list) and details:
            message["details"] = details[0]
        return message


@variation()
class ErrorsSayLittle(Behaviour):
    """Error messages hold status, type and message in other words, and nothing else but a 404's details."""

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        message = super().error_message(call, refusal)
        kept = ("status", "type", "details") if refusal.status == 404 else ("status", "type")
        return {**{name: message[name] for name in kept if name in message}, "message": "No."}


@variation()
class HiddenCustomersAreForbidden(Behaviour):
    """Get of a customer beyond the restrictions of a client is answered 403."""

    def found(self, call: Call) -> Customer:
        customer = self.looked_up(call)
        if customer is not None and not self.within_restrictions(call, customer):
            raise forbidden()
        return super().found(call)


@variation()
class CollationIgnoresCase(Behaviour):
    """Texts are sorted without regard to case."""

    def collated(self, call: Call, text: str) -> Any:
        return (super().collated(call, text.casefold()), text)


@variation()
class CollationIgnoresAccents(Behaviour):
    """Texts are sorted by their letters first, accents and case after."""

    def collated(self, call: Call, text: str) -> Any:
        bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return (super().collated(call, bare.casefold()), text)


@variation()
class TheUnrestrictedAreSeenByAll(Behaviour):
    """A client limited to some restrictions sees the customers without any restriction too."""

    def within_restrictions(self, call: Call, customer: Customer) -> bool:
        return self.restriction_of(customer) is None or super().within_restrictions(call, customer)


@variation()
class RestrictionsLimitReadingAlone(Behaviour):
    """A client limited to some restrictions may write to every customer; the contract speaks of what it sees."""

    def within_restrictions(self, call: Call, customer: Customer) -> bool:
        writes = call.operation in ("create", "upsert", "patch", "delete")
        return writes or super().within_restrictions(call, customer)


@variation()
class CollationPutsTheAbsentLast(Behaviour):
    """Whoever lacks the sorted property comes after everybody else in ascending order."""

    def rank(self, call: Call, value: Any) -> tuple[int, Any]:
        place, rest = super().rank(call, value)
        return (place or 9, rest)


@variation()
class NewestFirst(Behaviour):
    """Without sort, the newest customer comes first."""

    def ordered(self, call: Call, customers: list[Customer]) -> list[Customer]:
        return super().ordered(call, customers if self.sort_keys(call) else customers[::-1])


@variation()
class FurtherHeaders(Behaviour):
    """Answers carry headers that nobody described, and JSON says its charset."""

    def departure(self, call: Call, answer: Answer) -> Answer:
        answer = super().departure(call, answer)
        typed = (
            {"media_type": "application/json;charset=UTF-8"} if isinstance(answer.body, dict | list) else {}
        )
        return answer.plus(X_Request_Id=f"{call.number:08d}", Vary="Accept").but(**typed)


@variation()
class MetadataIsTheTenantsOwn(Behaviour):
    """Metadata that a client writes is taken, and no answer shows any; not even the version."""

    def document(self, customer: Customer) -> dict[str, Any]:
        document = super().document(customer)
        return {name: value for name, value in document.items() if name != "metadata"}
