"""RateLimiter: one rate for all threads, and a 429 that all of them obey."""

import threading
import time
from functools import partial

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


def test_a_date_long_past_is_no_wait_without_a_date_of_the_response() -> None:
    assert retry_after("Mon, 01 Jan 2001 00:00:00 GMT") == 0.0


def acquire(limiter: RateLimiter, times: int) -> None:
    for _ in range(times):
        limiter.acquire()


def test_the_rate_holds_over_all_threads() -> None:
    limiter = RateLimiter(100)
    started = time.monotonic()
    run_threads(4, partial(acquire, limiter, 10))
    assert 0.35 <= time.monotonic() - started < 1.5


def test_without_a_rate_no_request_waits() -> None:
    limiter = RateLimiter()
    started = time.monotonic()
    run_threads(4, partial(acquire, limiter, 100))
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(("retry_after", "expected"), [(0.3, 0.3), (None, 0.25)])
def test_a_429_pauses_every_thread(retry_after: float | None, expected: float) -> None:
    limiter = RateLimiter()
    started = time.monotonic()
    limiter.on_429(retry_after)
    sent: list[float] = []

    def send() -> None:
        limiter.acquire()
        sent.append(time.monotonic() - started)

    run_threads(4, send)
    assert min(sent) >= expected


def test_without_retry_after_each_further_429_doubles_the_pause() -> None:
    limiter = RateLimiter()
    pauses = []
    for _ in range(6):
        limiter._state.paused_until = 0.0
        started = time.monotonic()
        limiter.on_429(None)
        pauses.append(limiter._state.paused_until - started)
    assert pauses == pytest.approx([0.25, 0.5, 1, 2, 4, 4], abs=0.01)


def test_429s_of_the_same_moment_lower_the_rate_once() -> None:
    limiter = RateLimiter()
    for _ in range(50):
        limiter.acquire()
    for _ in range(4):
        limiter.on_429(None)
    assert limiter.rate == pytest.approx(0.8 * 49), "50 in the last second, and one of them was rejected"


def test_a_second_without_a_429_proves_its_rate() -> None:
    limiter = RateLimiter()
    acquire(limiter, 30)
    limiter._state.second_began_at -= 1.0  # a second passes
    limiter.acquire()
    assert limiter._state.proven == 30
    acquire(limiter, 40)
    limiter.on_429(0.0)
    limiter._state.second_began_at -= 1.0
    limiter._state.next_at = 0.0
    limiter.acquire()
    assert limiter._state.proven == 30, "a request of that second was rejected"


@pytest.mark.parametrize(
    ("proven", "retry_after"),
    [(50, 0.01), (0, 0.0), (0, None)],
    ids=["proven rate", "at once", "no Retry-After"],
)
def test_a_rare_429_does_not_lower_the_rate(proven: int, retry_after: float | None) -> None:
    """A tenant that rejects a request now and then would slow the run down for nothing."""
    limiter = RateLimiter()
    limiter._state.proven = proven
    for _ in range(2):
        acquire(limiter, 21)
        limiter.on_429(retry_after)
        assert limiter.rate is None
        assert limiter._state.backoff <= 0.25


@pytest.mark.parametrize(
    ("proven", "sent"), [(30, 19), (20, 40)], ids=["soon after another", "a higher rate"]
)
def test_another_429_lowers_the_rate(proven: int, sent: int) -> None:
    limiter = RateLimiter()
    limiter._state.proven = proven
    acquire(limiter, sent)
    limiter.on_429(0.01)
    assert limiter.rate == pytest.approx(0.8 * (sent - 1), rel=0.05)


def test_periods_without_a_429_raise_the_rate_by_growing_steps_up_to_the_configured_one() -> None:
    limiter = RateLimiter(100)
    limiter._state.second_began_at, limiter._state.sent_this_second = time.monotonic(), 81
    limiter.on_429(0.0)
    rates = [limiter.rate]
    for _ in range(4):
        limiter._state.changed_at -= 2.0  # two seconds without a 429
        limiter.acquire()
        rates.append(limiter.rate)
    assert rates == pytest.approx([64, 67.2, 73.92, 88.704, 100])


def test_a_pause_of_hours_is_not_obeyed() -> None:
    with pytest.raises(TransientError, match="demands a pause of 301 s"):
        RateLimiter().on_429(LONGEST_PAUSE + 1)


def run_threads(number: int, work: object) -> None:
    assert callable(work)
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
