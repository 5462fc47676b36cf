"""Repetition under transient network faults of tests without examples, fixtures, and requests in a loop."""

from functools import partial

import stamina

from client import ServiceUnavailable, TransientError
from harness.checks.known_failures import PollsEndedEarly

# A repetition is expected; a log line for each would be noise.
stamina.instrumentation.set_on_retry_hooks(())


def _may_repeat(error: Exception) -> bool:
    is_single = isinstance(error, TransientError) and not isinstance(error, ServiceUnavailable)
    return is_single or isinstance(error, PollsEndedEarly)


# At once, because the client has waited already.
_retry = partial(stamina.retry, on=_may_repeat, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0)
retry_on_transient_errors = _retry(attempts=4)
"""Decorates a function: calls it again after a TransientError."""
retry_test = _retry(attempts=8)
"""Decorates a test without examples of its own: runs it again after a TransientError, or where a poll ended early."""
