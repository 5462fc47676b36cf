"""The hard bounds of [safety]: reached, they end a run; what was made is deleted all the same."""

import threading
import time

from client.config.settings import Safety
from client.errors import BudgetExceeded


class Budget:
    """Counts before anything leaves, so that no number of threads gets beyond a bound.

    `lift` ends the bounding: what was made must be deleted whatever it takes.
    """

    def __init__(self, safety: Safety) -> None:
        self._safety = safety
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._requests = 0
        self._customers = 0
        self._lifted = False

    def lift(self) -> None:
        """From now on nothing is bounded."""
        self._lifted = True

    @property
    def left(self) -> dict[str, float]:
        """What is left of max_requests and of max_seconds, by these names; without those that are not set."""
        safety = self._safety
        with self._lock:
            used = {"max_requests": self._requests, "max_seconds": time.monotonic() - self._began}
        bounds = {name: getattr(safety, name) for name in used}
        return {name: max(bound - used[name], 0) for name, bound in bounds.items() if bound is not None}

    def request(self) -> None:
        """One more request is about to leave; BudgetExceeded beyond max_requests or max_seconds."""
        safety = self._safety
        with self._lock:
            if self._lifted:
                return
            if safety.max_requests is not None and self._requests >= safety.max_requests:
                raise _reached("max_requests", safety.max_requests)
            if safety.max_seconds is not None and time.monotonic() - self._began >= safety.max_seconds:
                raise _reached("max_seconds", safety.max_seconds)
            self._requests += 1

    def customer(self) -> None:
        """A request is about to leave that may create a customer; BudgetExceeded beyond max_customers.

        It counts as created until `nobody` says otherwise, so a lost answer counts.
        """
        safety = self._safety
        with self._lock:
            if self._lifted:
                return
            if safety.max_customers is not None and self._customers >= safety.max_customers:
                raise _reached("max_customers", safety.max_customers)
            self._customers += 1

    def nobody(self) -> None:
        """The answer to a request that was counted by `customer` says that it created nobody."""
        with self._lock:
            if not self._lifted:
                self._customers -= 1


def _reached(name: str, bound: float) -> BudgetExceeded:
    return BudgetExceeded(f"[safety] {name} = {bound:g} is reached; nothing more is assessed.")
