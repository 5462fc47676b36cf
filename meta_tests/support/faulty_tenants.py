"""Tenants in memory with one fault each, for the tests of attribution."""

# ruff: noqa: ARG002 - a fault need not use every argument

from collections.abc import Mapping
from typing import Any

from client import TransientError
from meta_tests.support.oracle_samples import Tenant
from oracle import Operation


class Unreachable(Tenant):
    """No request gets a response."""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        """TransientError."""
        raise TransientError(f"{operation.name}: the gateway answered 502.")


class Faulty(Tenant):
    """After each write of one name, does something that it should not do."""

    after = ""

    def answer(self, operation: Operation) -> tuple[int, Any]:
        """The response of a conforming tenant."""
        before = {id: dict(customer) for id, customer in self.customers.items()}
        response = super().answer(operation)
        if operation.name == self.after:
            self.corrupt(getattr(operation, "id", ""), dict(getattr(operation, "body", None) or {}), before)
        return response

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """The fault."""


class PatchChangesOthers(Faulty):
    """A patch changes every customer."""

    after = "patch"

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """Apply the body to every customer."""
        for customer in self.customers.values():
            customer |= body


class DeleteRemovesOthers(Faulty):
    """A delete removes every customer."""

    after = "delete"

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """Remove every customer."""
        self.customers.clear()


class PatchRevives(Faulty):
    """A rejected patch of a deleted customer creates it again."""

    after = "patch"

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """Create a deleted customer."""
        if id in self.deleted:
            self.customers[id] = self._made(id, {})


class PatchRemovesTitle(Faulty):
    """A patch removes the title unless it names it."""

    after = "patch"

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """Remove the title."""
        if id in self.customers and "title" not in body:
            self.customers[id].pop("title", None)


class RejectedCreateOverwrites(Faulty):
    """A create that is rejected for its id overwrites the customer of that id."""

    after = "create"

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """Apply the body to the existing customer."""
        if body.get("id") in before:
            self.customers[body["id"]] |= body


class UpsertDuplicates(Faulty):
    """An upsert that updates a customer creates a second one."""

    after = "upsert"

    def corrupt(self, id: str, body: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
        """Copy an existing customer."""
        if id in before:
            self.customers["copy"] = self.customers[id] | {"id": "copy"}
