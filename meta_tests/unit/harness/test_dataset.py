"""The dataset of lists and searches: created once for all tests that need it."""

import pytest

from harness.dataset import shared_dataset
from meta_tests.support.oracle_samples import Tenant
from meta_tests.support.scripted_tenant import scripted_api
from spec import Mismatch

pytestmark = pytest.mark.usefixtures("record")


def test_dataset_that_cannot_be_created_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test that needs the dataset fails with the same clause, and only the first one sends requests."""
    monkeypatch.setattr(Tenant, "answer", lambda *_: (400, {}))
    api, _ = scripted_api()
    sent = []
    for _ in range(2):
        with pytest.raises(Mismatch) as raised:
            shared_dataset(api)
        assert raised.value.clause == "create.status.created"
        sent.append(api.client.recorder.mark())
    assert sent == [1, 1]
