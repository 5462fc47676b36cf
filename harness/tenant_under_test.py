"""The tenant under test: customers arranged in it, what may be demanded of it, and material to send."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

import oracle
from harness.answers import Answer
from harness.customer import Customer
from harness.exchange_utils import ids_shown, sent_body
from harness.operations import Operations
from harness.polling import settled
from harness.triage import flickers, hides
from spec import Violation
from strategies import customers, namespace
from strategies.customers import BodyOperation

PAGE = {"page_number": 1, "page_size": 50}
"""Asked for in so many words where the defaults are not the question."""


class TenantUnderTest(Operations):
    """One tenant, asked as one identity, in the words in which tests read."""

    # -- arranging -----------------------------------------------------------------------------------

    def has(self, body: Mapping[str, Any] | None = None, **parts: Any) -> Customer:
        """A customer made by create, as an arrangement: a refusal breaks create's own clauses."""
        sent = dict(body) if body is not None else customers.plain(**parts)
        if not self.custom_ids:
            sent.pop("id", None)
        return self.created(self.create(sent))

    def neighbours(self, earlier: Mapping[str, Any]) -> tuple[Customer, Customer, Customer]:
        """One made of the body `earlier`, one to write to, and one more.

        Where ids can be chosen, that of the second is a pattern of SQL which matches the first's, and the
        beginning of the third's; all are long, and alike in 60 characters.
        """
        if not self.custom_ids:
            return self.has(earlier), self.has(), self.has()
        stem = namespace.fresh_id(length=60)
        first, second = f"{stem}x", f"{stem}_"
        return self.has({**earlier, "id": first}), self.has(id=second), self.has(id=f"{second}-2")

    def created(self, answer: Answer) -> Customer:
        """The customer that this create must have made."""
        answer.must_answer(201)
        body = sent_body(answer.exchange)
        new_id = answer.json.get("id") if isinstance(answer.json, dict) else None
        if not isinstance(new_id, str) or not new_id:
            raise answer.violation("create.answer.id", expected='{"id": "<string>"}')
        self.trial.credit("create.answer.id")
        namesake = self.known.get(new_id)
        if "id" not in body and namesake is not None:
            raise answer.violation(
                "create.id.generated-unique", expected=f"another id than that of {namesake}"
            )
        if "id" in body:
            if new_id != body["id"]:
                raise answer.violation("create.id.custom", expected=f"the id {body['id']!r}")
            self.trial.credit("create.id.custom")
        return self._met(new_id, oracle.created(body, id=new_id, rules=self.rules, by="create"), body)

    def upserted(self, answer: Answer, customer_id: str) -> Customer:
        """The customer that this upsert must have made under the id of its path."""
        self.unless_literal(answer.status)
        answer.must_answer(201, clause="upsert.create.status")
        new_id = answer.json.get("id") if isinstance(answer.json, dict) else None
        if not isinstance(new_id, str) or not new_id:
            raise answer.violation("upsert.create.answer-id", expected='{"id": "<string>"}')
        self.trial.credit("upsert.create.answer-id")
        if new_id != customer_id:
            raise answer.violation("upsert.create.same-id", expected=f"the id {customer_id!r}")
        self.trial.credit("upsert.create.same-id")
        body = sent_body(answer.exchange)
        return self._met(new_id, oracle.created(body, id=new_id, rules=self.rules, by="upsert"), body)

    def unless_literal(self, status: int) -> None:
        """Leave a test that needs an id of its own in the path, where upsert too reads the pattern literally."""
        if status == 400 and not self.custom_ids:
            pytest.skip("Not asked: the tenant reads the id pattern literally, in upsert too.")

    def updated(self, answer: Answer, customer: Customer) -> Customer:
        """The customer after an upsert that must have updated it."""
        answer.must_answer(204, clause="upsert.update.status")
        body = sent_body(answer.exchange)
        customer.record = oracle.upserted(customer.record, body, id=customer.id, rules=self.rules)
        customer.since = oracle.written("upsert")
        customer.body |= body
        return customer

    def patched(self, answer: Answer, customer: Customer) -> Customer:
        """The customer after a patch that must have succeeded."""
        answer.must_answer(200)
        body = sent_body(answer.exchange)
        customer.record = oracle.patched(customer.record, body)
        customer.since = oracle.written("patch", names=bool(body))
        customer.body |= body
        return customer

    def deleted(self, customer: Customer) -> Customer:
        """The customer, deleted and seen to be gone."""
        self.delete(customer).must_answer(202)
        customer.deleted = True
        settled(self.windows.deletion, lambda: self.get(customer).must_be_unknown("delete.gone.get"))
        return customer

    def _met(self, new_id: str, record: oracle.CustomerModel, body: Mapping[str, Any]) -> Customer:
        self.known[new_id] = Customer(new_id, record, dict(body))
        return self.known[new_id]

    def same(self, before: Any, answer: Answer, clause: str, but: Sequence[str] = ()) -> None:
        """Demand that get shows what it showed before, word for word, apart from these properties.

        Properties that the contract does not know, such as the time of the last change, may move.
        """
        after = answer.json
        if not isinstance(before, dict) or not isinstance(after, dict):
            raise answer.violation(clause, expected="the customer as it was")
        for name in sorted({"id", *oracle.WRITABLE, *oracle.GENERATED} - set(but)):
            one, other = before.get(name, oracle.ABSENT), after.get(name, oracle.ABSENT)
            if name == "metadata":
                one, other = _mixins_of(one), _mixins_of(other)
            if not (_unset(one) and _unset(other)) and not oracle.same(one, other):
                raise Violation(
                    clause, expected=oracle.show(one), actual=oracle.show(other), detail=f"$.{name}"
                )
        accounts = oracle.account_ids(before), oracle.account_ids(after)
        if "accounts" not in but and all(accounts) and accounts[0] != accounts[1]:
            expected, actual = map(oracle.show, accounts)
            raise Violation(clause, expected=expected, actual=actual, detail="$.accounts")
        self.trial.credit(clause)

    def views_agree(
        self, told: Mapping[str, Any], shown: Mapping[str, Any], operation: str, expand: Sequence[str] = ()
    ) -> None:
        """Demand that a result says of a customer what get says, mixins included where both were asked for them."""
        found = oracle.views_agree(told, shown, expand, read=operation)
        if (
            found is not None
            and found.property == "mixins"
            and not (told.get("mixins") and shown.get("mixins"))
        ):
            name = f"{operation}.expand.mixin"
            raise Violation(name, expected=found.expected, actual=found.actual, detail=found.path)
        if found is not None:
            raise found.violation()
        self.trial.credit(f"{operation}.agrees-with-get")

    def finds_alone(
        self,
        customer: Customer,
        clause: str,
        operation: str = "search",
        q: str | None = None,
        *,
        missing: str = "",
        **how: Any,
    ) -> Answer:
        """Demand that the query (by default the customer's address) finds this customer and nobody else.

        `missing` is the clause to blame where it finds nobody at all, if that is another.
        """
        asked = q or f"contactEmail:{customer.email}"
        answer = self.query(operation, asked, **PAGE, **how).must_answer(200)
        if answer.ids != [customer.id]:
            told = {"expected": f"{customer.id} alone", "about": asked}
            suspected = answer.violation(clause if answer.ids else missing or clause, **told)
            name = suspected.clause.id
            suspected.diagnosed = lambda: answer.violation(self._why(answer, customer, asked, name), **told)
            raise suspected
        self.trial.credit(clause)
        return answer

    def _why(self, answer: Answer, customer: Customer, q: str, clause: str) -> str:
        """The clause that a query breaks that does not find this customer alone."""
        operation = answer.exchange.operation
        if not answer.ids and self.identity == "client":
            for_once = customer.id in ids_shown(answer.ask())
            if for_once or hides(self, operation, customer):
                return f"{operation}.complete"
        strangers = [each for each in answer.customers if each.get("id") != customer.id]
        if strangers and not oracle.select(strangers, q) and not oracle.undecided(strangers, q):
            return f"{operation}.q.exact"
        return clause

    def finds_nothing(self, customer: Customer, clause: str, operation: str, q: str | None = None) -> None:
        """Demand that the query (by default the customer's address) does not find the customer."""
        answer = self.query(operation, q or f"contactEmail:{customer.email}", **PAGE).must_answer(200)
        if customer.id in answer.ids:
            raise answer.violation(clause, expected=f"not {customer.id}", about=q or customer.email)
        if not answer.customers and not oracle.counts(answer.exchange.header("Count"), 0, 0):
            raise answer.violation(
                f"{operation}.count.header", expected="Count: 0", about=q or customer.email
            )
        self.trial.credit(clause)

    def not_among_newest(self, customer: Customer, clause: str, operation: str) -> None:
        """Demand that the customer is not among the newest of the unfiltered result."""
        answer = self.query(operation, sort="metadataCreatedAt:desc", page_size=30).must_answer(200)
        if customer.id in answer.ids:
            told = {"expected": f"not {customer.id}", "about": "among the newest"}
            suspected = answer.violation(clause, **told)
            suspected.diagnosed = lambda: answer.violation(flickers(answer, customer, clause), **told)
            raise suspected
        self.trial.credit(clause)

    # -- material ------------------------------------------------------------------------------------

    def bodies(self, operation: str, **parts: Any) -> st.SearchStrategy[dict[str, Any]]:
        """Valid bodies of create, upsert or patch that fit this tenant's sites, restrictions and ids."""
        make = {
            "create": customers.create_bodies,
            "upsert": customers.upsert_bodies,
            "patch": customers.patch_bodies,
        }[operation]
        without = tuple(parts.pop("without", ()))
        if operation == "create" and not self.custom_ids and "id" not in parts:
            without = (*without, "id")
        return make(
            sites=self.rules.sites, restrictions=self.rules.restrictions or (), without=without, **parts
        )

    def telling(self, operation: BodyOperation, name: str) -> dict[str, Any]:
        """The telling body of this name that fits this tenant."""
        return customers.telling(
            operation, name, sites=self.rules.sites, restrictions=self.rules.restrictions or ()
        )

    def rich(self) -> dict[str, Any]:
        """A body that gives every property a value, none of them its default."""
        name = namespace.fresh_name()
        body = customers.plain(
            title="Dr.",
            middleName="King",
            contactPhone="+49 30 123",
            company="Analytical Engines",
            preferredLanguage="de_DE",
            preferredCurrency="EUR",
            preferredSite=self.rules.sites[-1],
            type="CONTACT",
            photoUrl="https://example.com/ada.png",
            b2b={"companyRegistrationId": "HRB 1815"},
            mixins={name: {"points": 7, "tags": ["a", "b"]}},
            metadata={"mixins": {name: "https://example.com/schema.json"}},
        )
        return body | ({"restriction": self.rules.restrictions[0]} if self.rules.restrictions else {})

    def restricted_site(self) -> str:
        """A site that is a restriction as well, which an unset restriction may follow; else the first site."""
        restrictions = self.rules.restrictions or ()
        return next((site for site in self.rules.sites if site in restrictions), self.rules.sites[0])

    def unknown_id(self) -> str:
        """A well-formed id that no customer has."""
        return namespace.fresh_id()

    def made(self, operation: str, body: Mapping[str, Any]) -> Customer:
        """A customer made by upsert under a new id, or else by create."""
        if operation != "upsert":
            return self.has(body)
        new_id = self.unknown_id()
        return self.upserted(self.upsert(new_id, body), new_id)

    def target(self, operation: str) -> Customer | None:
        """The standing customer, for a write that should be refused; create needs none."""
        return None if operation == "create" else self.standing()

    def standing(self) -> Customer:
        """A customer seen to be as expected, made when it is first asked for."""
        customer = self.shared.get("standing")
        if customer is None:
            customer = self.shared["standing"] = self.has(self.rich())
            self.get(customer).must_show()
        return customer

    def guinea_pig(self, operation: str) -> str | None:
        """The id of a customer that may come to look like anything: nobody compares it with what was expected."""
        if operation == "create":
            return None
        if "guinea pig" not in self.shared:
            self.shared["guinea pig"] = self.has(id=self.unknown_id())
            del self.known[self.shared["guinea pig"].id]
        return self.shared["guinea pig"].id

    def body_for(self, target: Customer | None, **parts: Any) -> dict[str, Any]:
        """A small valid body with these parts, which keeps the target's address."""
        return customers.plain(**({"contactEmail": target.email} if target else {}), **parts)

    def path(self, below: str = "/customers", name: str | None = None) -> str:
        """The path of this tenant's collection, or of what lies below it."""
        return f"/customer/{name or self.client.home(self.identity)}{below}"


def _unset(value: Any) -> bool:
    return value is None or value is oracle.ABSENT or value == {}


def _mixins_of(metadata: Any) -> Any:
    return metadata.get("mixins") if isinstance(metadata, dict) else metadata
