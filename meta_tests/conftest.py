"""Settings of the tests of the suite.

The speed of the machine is no property of a strategy, and each run has the same examples, so that a change is what
makes a run red; `--hypothesis-seed=N` draws others.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "meta-tests", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("meta-tests")


def pytest_xdist_auto_num_workers() -> int:
    """Two workers more than cores: one waits for the runs on defects, and tests of faults and late tenants wait too."""
    return (os.cpu_count() or 1) + 2
