"""What the evidence plugin uses of a run; `Run` has it, and meta tests replace it."""

from typing import Protocol

from client import Exchange
from harness.api import TenantApi


class RunInterface(Protocol):
    """What the plugin needs of the run."""

    @property
    def api(self) -> TenantApi:
        """The tenant under test."""

    def missing(self, need: str) -> str:
        """Why a need of a clause (`spec.Clause.needs`) is not met; empty where it is."""

    def exchanges(self, since: int) -> tuple[Exchange, ...]:
        """The recorded exchanges after a position, oldest first."""

    def position(self) -> int:
        """The position of the recorder now."""
