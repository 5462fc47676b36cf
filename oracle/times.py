"""Timestamps in bodies (ISO 8601), and the Date header."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from oracle.json_values import Json
from spec import Absent


def instant(text: Json | Absent) -> datetime | None:
    """The moment of an ISO 8601 text, in UTC where it has no zone; None for any other value."""
    if not isinstance(text, str) or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_utc_timestamp(value: Json) -> bool:
    """Whether a value is an ISO 8601 date and time in UTC, with T between them; one without a zone counts as UTC."""
    moment = instant(value)
    return moment is not None and "T" in str(value).upper() and not moment.utcoffset()


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


def http_date(value: str | None) -> datetime | None:
    """The moment of a Date header (RFC 9110 §5.6.7); None where the header is absent or no date."""
    try:
        return parsedate_to_datetime(value or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_about(timestamp: Json, expected: datetime, *, seconds: float) -> bool:
    """Whether an ISO 8601 timestamp is within seconds of the expected moment; False where it is no date."""
    moment = instant(timestamp)
    return moment is not None and abs((moment - expected).total_seconds()) <= seconds
