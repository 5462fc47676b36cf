"""Repetition under transient network faults of what is no example of its own: fixtures, and requests in a loop."""

import stamina

from client import ServiceUnavailable, TransientError

# A repetition is expected; a log line for each would be noise.
stamina.instrumentation.set_on_retry_hooks(())


def _is_single(error: Exception) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, ServiceUnavailable)


retry_on_transient_errors = stamina.retry(
    on=_is_single, attempts=4, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0
)
"""Decorates a function: calls it again at once after a TransientError, because the client has waited already."""
