"""A running test of the tenant: the record that its checks write to, and the evidence plugin of its run."""

from collections.abc import Iterator

import pytest

from harness.checks.evidence import CURRENT, Record
from harness.data import TENANT
from harness.plugin.evidence.evidence_plugin import EvidencePlugin
from harness.plugin.evidence.findings import FindingFactory
from meta_tests.support.scripted_tenant import ScriptedSession, scripted_api
from strategies import namespace

FACTORY = FindingFactory(redacted=str, replay=str)


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    """The record of a running test that declares no clause."""
    monkeypatch.setattr(namespace, "_active", None)  # restored after the test
    namespace.use("cct-meta1-")
    record = Record("test_example", {})
    token = CURRENT.set(record)
    yield record
    CURRENT.reset(token)


@pytest.fixture
def plugin(record: Record) -> Iterator[EvidencePlugin]:
    """The plugin of a run against a tenant in memory, during the running test."""
    session = ScriptedSession(scripted_api()[0])
    plugin = EvidencePlugin(session, FACTORY)
    record.exchanges, record.known = session.exchanges, plugin.known
    token = TENANT.set(session.api)
    yield plugin
    TENANT.reset(token)
