"""A tenant that is somebody's: other people's customers, some of them changing all the time."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.configuration import Configuration
from mock_tenant.registry import variation
from mock_tenant.requests import Answer, Call
from mock_tenant.store import Customer, Tenant

CROWD = 230
THRONG = 10_000
FIRST = ("Ada", "Emil", "Grete", "Ivo", "Maja", "Noor", "Otto", "Zoë")
LAST = ("Åkesson", "Berger", "Conti", "Dietz", "Evers", "Nowak", "Ozturk", "Weiss")


@variation()
class Crowded(Behaviour):
    """The tenant has 230 customers of other people."""

    crowd: int = CROWD

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        for tenant in self.tenants.values():
            for number in range(self.crowd):
                tenant.put(self.somebody(number))

    def somebody(self, number: int) -> Customer:
        """One of the other people's customers."""
        restrictions = (None, *(self.configuration.restrictions or ()))
        values = {
            "firstName": FIRST[number % len(FIRST)],
            "lastName": LAST[number // len(FIRST) % len(LAST)],
            "preferredLanguage": "de_DE" if number % 3 else "en_US",
            "preferredCurrency": "EUR" if number % 3 else "USD",
            "preferredSite": "main",
            "restriction": restrictions[number % len(restrictions)],
            "contactEmail": f"somebody-{number}@example.org" if number % 5 else None,
            "active": number % 7 != 0,
            "onHold": number % 11 == 0,
            "mixins": {"loyalty": {"points": number}} if number % 4 == 0 else None,
        }
        known = {name: value for name, value in values.items() if value is not None}
        name = f"somebody-{number}"
        created = f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}T08:00:00.000Z"
        return Customer(id=name, number=name, created_at=created, values=known)


@variation()
class Busy(Crowded):
    """The tenant has other people's customers, and they come, change and go between any two requests."""

    async def arrival(self, call: Call) -> Answer | None:
        for tenant in self.tenants.values():
            self.stir(tenant, self.turn(f"stirring {tenant.name}"))
        return await super().arrival(call)

    def stir(self, tenant: Tenant, turn: int) -> None:
        """Changes one customer, and every third time one comes and every third time one goes."""
        chosen = tenant.customers.get(f"somebody-{turn * 17 % self.crowd}")
        if chosen is not None:
            tenant.put(chosen.having({**chosen.values, "company": f"Company {turn}"}))
        if turn % 3 == 0:
            tenant.put(self.somebody(self.crowd + turn))
        if turn % 3 == 1 and turn > 3:
            tenant.remove(f"somebody-{self.crowd + turn - 4}")


@variation()
class Throng(Busy):
    """The tenant has 10,000 customers of other people, and they come, change and go between any two requests."""

    crowd = THRONG
