"""Steps that several modules of this folder share."""

import oracle
from client import Exchange
from harness import TenantApi, poll
from harness.checks.customers import PAGE
from harness.dataset import Dataset, check_members


def expand_reading(shown: object, without: object) -> str:
    """Whether an attribute is shown with and without expand."""
    if shown:
        return "always returned" if without else "returned on request only"
    return "returned without expand only" if without else "never returned"


def check_query(
    api: TenantApi, dataset: Dataset, operation: str, q: str, clause_id: str, **options: str
) -> bool:
    """A query selects the members that the oracle selects from what get has shown of each.

    True if it does; False if it does not, and the clause is a SHOULD clause, whose failure raises nothing here.
    """
    shown = [member.shown for member in dataset.members]
    selected = {each["id"] for each in oracle.select(shown, q)}
    either = {each["id"] for each in oracle.indeterminate(shown, q)}

    def expected(response: Exchange) -> list[str]:
        return [each for each in dataset.ids if each in selected | (either & set(response.ids))]

    def is_expected(response: Exchange) -> bool:
        return response.status == 200 and sorted(response.ids) == sorted(expected(response))

    response = poll(
        lambda: api.query(operation, q, **PAGE, **options), until=is_expected, within=api.windows.index
    )
    check_members(response, dataset, expected(response), clause_id, about=q)
    return is_expected(response)
