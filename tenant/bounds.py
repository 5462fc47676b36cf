"""The hard bounds of [safety]: reached, they end a run; what was made is deleted all the same."""

from tenant.errors import LimitReached
from tenant.settings import Safety


def check_requests(safety: Safety, sent: int, seconds: float) -> None:
    """LimitReached where one more request would go beyond max_requests or max_seconds."""
    if safety.max_requests is not None and sent >= safety.max_requests:
        raise LimitReached(
            f"[safety] max_requests = {safety.max_requests} is reached; nothing more is assessed."
        )
    if safety.max_seconds is not None and seconds >= safety.max_seconds:
        raise LimitReached(
            f"[safety] max_seconds = {safety.max_seconds:g} is reached; nothing more is assessed."
        )


def check_customers(safety: Safety, created: int) -> None:
    """LimitReached where one more customer would go beyond max_customers."""
    if safety.max_customers is not None and created >= safety.max_customers:
        raise LimitReached(
            f"[safety] max_customers = {safety.max_customers} is reached; nothing more is assessed."
        )
