"""Timestamps in the format of the API."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from oracle.values.json_values import Json, instant


def is_utc_timestamp(value: Json) -> bool:
    """Whether a value is an ISO 8601 date in UTC; one without a zone counts as UTC."""
    moment = instant(value)
    return moment is not None and not moment.utcoffset()


def shifted(timestamp: str, hours: float) -> str:
    """The timestamp moved by hours, in UTC with milliseconds; the same text for 0 hours.

    ValueError where the timestamp is not an ISO 8601 date.
    """
    moment = instant(timestamp)
    if moment is None:
        raise ValueError(f"{timestamp!r} is not an ISO 8601 date")
    if not hours:
        return timestamp
    later = (moment + timedelta(hours=hours)).astimezone(UTC)
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_about(timestamp: Json, expected: str, *, seconds: float) -> bool:
    """Whether a timestamp is within seconds of the expected moment, ISO 8601 or a Date header (RFC 9110 §5.6.7).

    False where one of them is no date.
    """
    moment = instant(timestamp)
    try:
        other = instant(expected) or parsedate_to_datetime(expected).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return moment is not None and abs((moment - other).total_seconds()) <= seconds
