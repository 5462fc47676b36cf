"""Properties of the rooms: whether they hold is the question, not how fast this machine is just now."""

from hypothesis import HealthCheck, settings

settings.register_profile("rooms", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rooms")
