"""RateLimiter: one rate for all threads, and a refusal that all of them obey."""

import threading
import time

import pytest

from client import TransientError
from client.transport.rate_limiter import LONGEST_PAUSE, RateLimiter, retry_after

DATE = "Mon, 23 Nov 2026 16:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "expected"),
    [
        (None, None, None),
        ("0", None, 0.0),
        ("3", None, 3.0),
        (" 12 ", None, 12.0),
        ("0.5", None, 0.5),
        ("Mon, 23 Nov 2026 16:00:07 GMT", DATE, 7.0),
        ("Monday, 23-Nov-26 16:00:07 GMT", DATE, 7.0),
        ("Mon Nov 23 16:00:07 2026", DATE, 7.0),
        ("Mon, 23 Nov 2026 15:00:00 GMT", DATE, 0.0),
        ("soon", DATE, None),
        ("", None, None),
        ("-1", None, None),
        ("1e3", None, None),
    ],
)
def test_retry_after_in_each_form(value: str | None, date: str | None, expected: float | None) -> None:
    assert retry_after(value, date) == expected


def test_a_date_long_past_is_no_wait_without_a_date_of_the_answer() -> None:
    assert retry_after("Mon, 01 Jan 2001 00:00:00 GMT") == 0.0


def test_the_rate_holds_over_all_threads() -> None:
    pace = RateLimiter(100)
    began = time.monotonic()
    run_threads(4, lambda: [pace.depart() for _ in range(10)])
    assert 0.35 <= time.monotonic() - began < 1.5


def test_without_a_rate_nobody_waits() -> None:
    pace = RateLimiter()
    began = time.monotonic()
    run_threads(4, lambda: [pace.depart() for _ in range(100)])
    assert time.monotonic() - began < 0.5


def test_a_refusal_stops_every_thread_for_as_long_as_it_says() -> None:
    pace = RateLimiter()
    began = time.monotonic()
    pace.refused(0.3)
    departures: list[float] = []

    def go() -> None:
        pace.depart()
        departures.append(time.monotonic() - began)

    run_threads(4, go)
    assert min(departures) >= 0.3


def test_a_refusal_slows_down_below_what_was_observed_once_for_all() -> None:
    pace = RateLimiter()
    for _ in range(50):
        pace.depart()
    for _ in range(4):
        pace.refused(None)
    assert pace.rate == pytest.approx(0.8 * 49), "50 left in the last second, and one of them was refused"


def test_what_was_granted_is_approached_with_care() -> None:
    pace = RateLimiter()
    for _ in range(101):
        pace.depart()
    pace.refused(None)
    rates = [pace.rate]
    for _ in range(4):
        pace._changed -= 2.0  # two seconds without a refusal
        pace.depart()
        rates.append(pace.rate)
    assert rates == pytest.approx([80, 95, 97.85, 100.79, 103.81], abs=0.01)


def test_nobody_waits_for_hours() -> None:
    with pytest.raises(TransientError, match="asks to wait"):
        RateLimiter().refused(LONGEST_PAUSE + 1)


def run_threads(number: int, work: object) -> None:
    assert callable(work)
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
