"""The state of a tenant, as far as this run made it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from oracle.customers.model import CustomerModel
from oracle.customers.properties import essence
from oracle.values.json_values import Absent, Anything, Json


@dataclass(frozen=True)
class ModelState:
    """The customers of a tenant, and who is gone.

    records: the customers by id; deleted: ids that were deleted; lingering: customers whose deletion was
    accepted and may not have happened yet; released: e-mails that somebody had and nobody surely has now, so
    that the contract does not say whether they are free.
    """

    records: Mapping[str, CustomerModel] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    lingering: Mapping[str, CustomerModel] = field(default_factory=dict)
    released: frozenset[str] = frozenset()

    def having(self, record: CustomerModel) -> "ModelState":
        """The world with this record in place of the one with the same id, if there was one."""
        before = self.records.get(record.id)
        return replace(
            self,
            records={**self.records, record.id: record},
            deleted=self.deleted - {record.id},
            lingering={id: kept for id, kept in self.lingering.items() if id != record.id},
            released=self.released | (_emails(before) - _emails(record) if before else frozenset()),
        )

    def without(self, id: str, *, lingers: bool = False) -> "ModelState":
        """The world after the customer is deleted; lingers: it may be seen for a while."""
        gone = self.records[id]
        return replace(
            self,
            records={key: record for key, record in self.records.items() if key != id},
            deleted=self.deleted | {id},
            lingering={**self.lingering, id: gone} if lingers else self.lingering,
            released=self.released | _emails(gone),
        )

    def settled(self, id: str) -> "ModelState":
        """The world in which a lingering customer is known to be gone."""
        return replace(self, lingering={key: kept for key, kept in self.lingering.items() if key != id})

    def remembering(self, record: CustomerModel) -> "ModelState":
        """The world with a lingering customer replaced by what is now known of it."""
        return replace(self, lingering={**self.lingering, record.id: record})

    def email_taken(self, email: str | None, *, by: str | None = None) -> bool | None:
        """Whether a customer other than `by` has the e-mail; None where the contract leaves it open.

        Open: the same address in another case, an address that somebody had or may have.
        """
        if not email:
            return False
        others = [record for id, record in self.records.items() if id != by]
        if any(record.certain("contactEmail") == email for record in others):
            return True
        folded = email.casefold()
        possible = {other.casefold() for record in others for other in _emails(record)}
        return None if folded in possible | {other.casefold() for other in self.released} else False

    def spelt_otherwise(self, id: str) -> bool:
        """Whether a customer exists whose id differs from this one in case alone."""
        return id not in self.records and id.casefold() in {other.casefold() for other in self.records}

    def fingerprint(self) -> str:
        """A text that two worlds share when no answer can tell them apart."""
        return json.dumps(
            [
                {id: _plain(record) for id, record in sorted(self.records.items())},
                {id: _plain(record) for id, record in sorted(self.lingering.items())},
                sorted(self.deleted),
                sorted(self.released),
            ],
            sort_keys=True,
        )


def _emails(record: CustomerModel) -> frozenset[str]:
    values = record.fields["contactEmail"]
    return frozenset(value for value in values if isinstance(value, str) and value)


def _plain(record: CustomerModel) -> dict[str, list[Json]]:
    return {
        name: sorted(repr(_told(name, value)) for value in values) for name, values in record.fields.items()
    }


def _told(name: str, value: Json | Absent | Anything) -> Json:
    if isinstance(value, Anything):
        return value
    told = essence(name, value)
    return json.dumps(told, sort_keys=True) if isinstance(told, (dict, list)) else told
