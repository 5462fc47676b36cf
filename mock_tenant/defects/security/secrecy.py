"""Answers that hold a password, and input that brings an operation down."""

from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LISTING, OPERATIONS
from mock_tenant.registry import plant
from mock_tenant.requests import Answer, Call, Refusal
from mock_tenant.store import Customer


def shows_password(operation: str) -> None:
    """Plants an operation that says more of a customer, or of a write, than it should: the password."""

    class InViews(Behaviour):
        def view(self, call: Call, customer: Customer) -> dict[str, Any]:
            shown = super().view(call, customer)
            return {**shown, "password": customer.password} if call.operation == operation else shown

    class InAnswers(Behaviour):
        def write(self, call: Call, before: Customer | None, after: Customer) -> None:
            super().write(call, before, after)
            self.notes["remembered"][after.id] = after.password

        def departure(self, call: Call, answer: Answer) -> Answer:
            answer = super().departure(call, answer)
            # A 204 cannot hold anything, so an upsert gives itself away where it creates.
            if call.operation != operation or answer.status not in (200, 201, 202):
                return answer
            body = answer.body if isinstance(answer.body, dict) else {}
            known = self.notes["remembered"]
            password = known.get(body.get("id", call.customer_number)) or call.body.get("password", "initial")
            return answer.but(body={**body, "password": password})

    shown = operation in (*LISTING, "get")
    plant(
        f"{operation}.password.never-returned",
        InViews if shown else InAnswers,
        name=f"{operation}-shows-the-password",
        lie=f"The answer to {operation} holds the password.",
    )


for _operation in OPERATIONS:
    shows_password(_operation)


def breaks_down(operation: str, name: str, lie: str, odd: Callable[[Call], bool]) -> None:
    """Plants an operation that answers 500 to odd input."""

    class Fragile(Behaviour):
        def authorise(self, call: Call) -> None:
            super().authorise(call)
            if call.operation == operation and odd(call):
                raise Refusal(500, "internal_error", "Internal server error.")

    plant(f"{operation}.robust.no-5xx", Fragile, name=name, lie=lie)


breaks_down(
    "list",
    "list-breaks-on-unbalanced-quotes",
    "List answers 500 to a q with an odd number of quotes.",
    lambda call: call.params.get("q", "").count('"') % 2 == 1,
)
breaks_down(
    "list",
    "list-breaks-on-huge-page-numbers",
    "List answers 500 to a pageNumber beyond 64 bits.",
    lambda call: len(call.params.get("pageNumber", "")) > 18,
)
breaks_down(
    "search",
    "search-breaks-on-deep-bodies",
    "Search answers 500 to a body of many nested arrays.",
    lambda call: call.content.count(b"[") > 50,
)
breaks_down(
    "search",
    "search-breaks-on-a-missing-bracket",
    "Search answers 500 to a q with a bracket that is not closed.",
    lambda call: call.content.count(b"(") != call.content.count(b")"),
)
breaks_down(
    "create",
    "create-breaks-on-nul",
    "Create answers 500 to a body with the character NUL.",
    lambda call: b"\\u0000" in call.content,
)
breaks_down(
    "create",
    "create-breaks-on-bytes-that-are-not-utf-8",
    "Create answers 500 to a body that is not UTF-8.",
    lambda call: "\ufffd" in call.content.decode("utf-8", "replace"),
)
breaks_down(
    "get",
    "get-breaks-on-percent-signs",
    "Get answers 500 to a customerNumber with a percent sign.",
    lambda call: "%" in call.customer_number,
)
breaks_down(
    "get",
    "get-breaks-on-long-ids",
    "Get answers 500 to a customerNumber of more than 66 characters.",
    lambda call: len(call.customer_number) > 66,
)
breaks_down(
    "upsert",
    "upsert-breaks-on-astral-characters",
    "Upsert answers 500 to a body with a character beyond the basic plane.",
    lambda call: b"\\ud83d" in call.content.lower() or any(byte >= 0xF0 for byte in call.content),
)
breaks_down(
    "upsert",
    "upsert-breaks-on-arrays",
    "Upsert answers 500 to a body that is an array.",
    lambda call: call.content.lstrip()[:1] == b"[",
)
breaks_down(
    "patch",
    "patch-breaks-on-null",
    "Patch answers 500 to a body that is null.",
    lambda call: call.content.strip() == b"null",
)
breaks_down(
    "patch",
    "patch-breaks-on-malformed-json",
    "Patch answers 500 to a body that ends early.",
    lambda call: call.content.strip().startswith(b"{") and not call.content.strip().endswith(b"}"),
)
breaks_down(
    "delete",
    "delete-breaks-on-odd-ids",
    "Delete answers 500 to a customerNumber beyond ASCII.",
    lambda call: not call.customer_number.isascii(),
)
breaks_down(
    "delete",
    "delete-breaks-on-bodies-that-are-no-object",
    "Delete answers 500 to a body that is no object.",
    lambda call: bool(call.content.strip()) and call.content.strip()[:1] != b"{",
)
