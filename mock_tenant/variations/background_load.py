"""Background load: customers of other clients, some of which change while a suite runs."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.behaviour.persistence import Values, without_nulls
from mock_tenant.configuration import Configuration
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import variation
from mock_tenant.store import Customer, Tenant

FIRST_NAMES = ("Ada", "Emil", "Grete", "Ivo", "Maja", "Noor", "Otto", "Zoë")
LAST_NAMES = ("Åkesson", "Berger", "Conti", "Dietz", "Evers", "Nowak", "Ozturk", "Weiss")


@variation()
class Crowded(Behaviour):
    """The tenant has 230 customers of other clients."""

    load_size = 230

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        for tenant in self.tenants.values():
            for number in range(self.load_size):
                tenant.put(self.other_customer(number))

    def other_customer(self, number: int) -> Customer:
        """The n-th customer of another client."""
        restrictions = (None, *(self.configuration.restrictions or ()))
        values: Values = {
            "firstName": FIRST_NAMES[number % len(FIRST_NAMES)],
            "lastName": LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)],
            "preferredLanguage": "de_DE" if number % 3 else "en_US",
            "preferredCurrency": "EUR" if number % 3 else "USD",
            "preferredSite": "main",
            "restriction": restrictions[number % len(restrictions)],
            "contactEmail": f"{other_id(number)}@example.org" if number % 5 else None,
            "active": number % 7 != 0,
            "onHold": number % 11 == 0,
            "mixins": {"loyalty": {"points": number}} if number % 4 == 0 else None,
        }
        customer_id = other_id(number)
        created_at = f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}T08:00:00.000Z"
        return Customer(
            id=customer_id, number=customer_id, created_at=created_at, values=without_nulls(values)
        )


@variation()
class Busy(Crowded):
    """The tenant has customers of other clients, which are created, changed and deleted between requests."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        for tenant in self.tenants.values():
            self.change_customers(tenant, self.increment(f"background load of {tenant.name}"))
        return await super().before_request(request)

    def change_customers(self, tenant: Tenant, count: int) -> None:
        """Changes one customer; creates one in every third call and deletes it four calls later."""
        changed = tenant.customers.get(other_id(count * 17 % self.load_size))
        if changed is not None:
            tenant.put(changed.with_values({**changed.values, "company": f"Company {count}"}))
        if count % 3 == 0:
            tenant.put(self.other_customer(self.load_size + count))
        if count % 3 == 1 and count > 3:
            tenant.remove(other_id(self.load_size + count - 4))


@variation()
class LargeBackgroundLoad(Busy):
    """The tenant has 10,000 customers of other clients, which are created, changed and deleted between requests."""

    load_size = 10_000


def other_id(number: int) -> str:
    """The id of the n-th customer of another client."""
    return f"background-{number}"
