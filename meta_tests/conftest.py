"""Settings of the tests of the suite: the speed of the machine is no property of a strategy."""

from hypothesis import HealthCheck, settings

settings.register_profile("meta-tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("meta-tests")
