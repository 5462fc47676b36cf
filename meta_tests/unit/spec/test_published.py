"""openapi.yaml states what is published, fact by fact; another reading is a correction with its reason."""

import spec
from meta_tests.support.published_inventory import covered, inventory
from spec.facts import facts


def test_the_document_states_what_is_published_and_nothing_else() -> None:
    published = covered(inventory())
    ours = facts(spec.document(corrected=False), place="openapi.yaml")
    differing = {
        f"{place.operation} {place}": (published.get(place), ours.get(place))
        for place in sorted(published.keys() | ours.keys())
        if published.get(place) != ours.get(place)
    }
    assert len(published) > 1000
    assert differing == {}, "the published value, and the value in openapi.yaml"


def test_the_inventory_holds_facts_and_no_sentences() -> None:
    words = [word for place, value in inventory().items() for word in (str(place), str(value))]
    assert not [word for word in words if len(word) > 120 or word.endswith(".")]
