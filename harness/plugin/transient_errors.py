"""Fixtures under transient network faults: their arrangement is repeated, as examples are."""

import stamina

from client import ServiceUnavailable, TransientError

# A retried fixture is expected; a log line for each repetition would be noise.
stamina.instrumentation.set_on_retry_hooks(())


def _is_single(error: Exception) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, ServiceUnavailable)


retry_on_transient_errors = stamina.retry(
    on=_is_single, attempts=4, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0
)
"""Decorates a fixture: calls it again at once after a TransientError, because the client has waited already."""
