"""The mock tenant for the tests of integrators: start, initial customers, reset, and the log of requests."""

from mock_tenant.testing.running import MockStartError, RunningMock, running_mock

__all__ = ["MockStartError", "RunningMock", "running_mock"]
