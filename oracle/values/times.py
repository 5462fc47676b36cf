"""Moments as the API writes them."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from oracle.values.json_values import Json, instant


def is_utc_timestamp(value: Json) -> bool:
    """Whether a value is an ISO 8601 date in UTC; one that names no zone is taken for UTC."""
    moment = instant(value)
    return moment is not None and not moment.utcoffset()


def shifted(timestamp: str, hours: float) -> str:
    """The timestamp moved by hours, in UTC with milliseconds; unchanged to the letter for 0 hours."""
    moment = instant(timestamp)
    if moment is None:
        raise ValueError(f"{timestamp!r} is no ISO 8601 date")
    if not hours:
        return timestamp
    later = (moment + timedelta(hours=hours)).astimezone(UTC)
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_about(timestamp: Json, told: str, *, seconds: float) -> bool:
    """Whether a timestamp is within seconds of another moment: ISO 8601 or a Date header (RFC 9110)."""
    moment = instant(timestamp)
    other = instant(told) or parsedate_to_datetime(told).astimezone(UTC)
    return moment is not None and abs((moment - other).total_seconds()) <= seconds
