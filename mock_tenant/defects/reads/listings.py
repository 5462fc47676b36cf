"""Lists and searches that hide somebody, show somebody twice or dead, or go back in time."""

from collections.abc import Callable

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LISTING
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Answer, Call, invalid
from mock_tenant.store import Customer


def hides(operation: str, name: str, lie: str, hidden: Callable[[Customer, int], bool]) -> None:
    """Plants a list or a search that hides customers on its own."""

    class Hides(Behaviour):
        def known(self, call: Call) -> list[Customer]:
            known = list(super().known(call))
            if call.operation != operation:
                return known
            return [customer for place, customer in enumerate(known, start=1) if not hidden(customer, place)]

    plant(f"{operation}.complete", Hides, name=f"{operation}-{name}", lie=f"{operation.capitalize()} {lie}")


for _operation in LISTING:
    hides(
        _operation,
        "hides-the-inactive",
        "hides customers that are not active.",
        lambda c, _: c.values.get("active") is False,
    )
    hides(
        _operation,
        "hides-those-on-hold",
        "hides customers that are on hold.",
        lambda c, _: c.values.get("onHold") is True,
    )
    hides(
        _operation,
        "hides-contacts",
        "hides customers of the type CONTACT.",
        lambda c, _: c.values.get("type") == "CONTACT",
    )
    hides(
        _operation,
        "hides-those-without-address",
        "hides customers without contactEmail.",
        lambda c, _: c.email is None,
    )
    hides(
        _operation,
        "hides-the-restricted",
        "hides customers with a restriction.",
        lambda c, _: c.values.get("restriction") is not None,
    )
    hides(_operation, "hides-every-seventh", "hides every seventh customer.", lambda _, place: place % 7 == 0)


def lists_wrongly(operation: str) -> None:
    """Plants a list or a search that shows somebody twice, shows the deleted, or goes back in time."""

    class Twice(Behaviour):
        def known(self, call: Call) -> list[Customer]:
            known = list(super().known(call))
            patched = [c for c in known if c.version > 1 and call.operation == operation]
            return known + patched

    class Ghosts(Behaviour):
        def erase(self, call: Call, customer: Customer) -> None:
            super().erase(call, customer)
            self.notes["ghosts"].setdefault(call.tenant.name, []).append(customer)

        def known(self, call: Call) -> list[Customer]:
            ghosts: list[Customer] = self.notes["ghosts"].get(call.tenant.name, [])
            return list(super().known(call)) + (ghosts if call.operation == operation else [])

    class Flickers(Behaviour):
        def changed(self, call: Call, before: Customer | None, after: Customer | None) -> None:
            super().changed(call, before, after)
            for customer in (before, after):
                if customer is not None:
                    self.notes["shown"][customer.id] = (before, 0)

        def known(self, call: Call) -> list[Customer]:
            return [shown for c in super().known(call) if (shown := self.as_shown(call, c)) is not None]

        def as_shown(self, call: Call, customer: Customer) -> Customer | None:
            recent: dict[str, tuple[Customer | None, int]] = self.notes["shown"]
            if call.operation != operation or customer.id not in recent:
                return customer
            before, times = recent.pop(customer.id)
            if times == 0:
                recent[customer.id] = (before, 1)
            return before if times else customer

    class Returns(Behaviour):
        def erase(self, call: Call, customer: Customer) -> None:
            super().erase(call, customer)
            self.notes["gone"][customer.id] = (customer, 0)

        def known(self, call: Call) -> list[Customer]:
            known = list(super().known(call))
            if call.operation != operation:
                return known
            gone: dict[str, tuple[Customer, int]] = self.notes["gone"]
            back = [customer for customer, looks in gone.values() if looks == 1]
            for customer_id, (customer, looks) in list(gone.items()):
                gone[customer_id] = (customer, looks + 1)
            return known + back

    said = operation.capitalize()
    plant(
        f"{operation}.no-duplicates",
        Twice,
        name=f"{operation}-shows-the-changed-twice",
        lie=f"{said} shows whoever was changed twice.",
    )
    plant(
        f"{operation}.deleted.vanishes",
        Ghosts,
        name=f"{operation}-shows-the-deleted",
        lie=f"{said} goes on showing deleted customers.",
    )
    plant(
        f"{operation}.flicker",
        Flickers,
        name=f"{operation}-flickers",
        lie=f"{said} shows a change, shows the state before it once more, and then the change for good.",
    )
    plant(
        f"{operation}.flicker",
        Returns,
        name=f"{operation}-shows-the-deleted-once-more",
        lie=f"{said} no longer shows a deleted customer, shows it once more, and then never again.",
    )


for _operation in LISTING:
    lists_wrongly(_operation)


@defect("search.body.optional")
class SearchNeedsAQ(Behaviour):
    """Search refuses an object without q."""

    def query(self, call: Call) -> str | None:
        if call.operation == "search" and "q" not in call.body:
            raise invalid("q", "The property is missing.")
        return super().query(call)


@defect("search.body.optional")
class SearchWithoutQFindsNobody(Behaviour):
    """Search without q returns an empty list."""

    def listing(self, call: Call) -> Answer:
        answer = super().listing(call)
        without = call.operation == "search" and "q" not in call.body and answer.status == 200
        return Answer(200, [], {"Count": "0"}) if without else answer
