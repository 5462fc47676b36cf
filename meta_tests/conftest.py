"""Settings of the tests of the suite: the speed of the machine is no property of a strategy."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("meta-tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("meta-tests")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: tests of faults and of late tenants mostly wait."""
    return (os.cpu_count() or 1) + 1
