"""Odd customerNumbers as they stand in a request target: percent-encoded where a URL needs it, or broken."""

import hypothesis.strategies as st

from strategies import namespace
from strategies.cases import Case

# What follows a fresh id, which no customer has; so no odd path ever names somebody's customer.
_TAILS: tuple[tuple[str, str], ...] = (
    ("an encoded slash", "%2Fx"),
    ("an encoded backslash", "%5Cx"),
    ("an encoded question mark", "%3Fx"),
    ("an encoded number sign", "%23x"),
    ("an encoded percent sign", "%25"),
    ("an encoded encoded slash", "%252Fx"),
    ("an encoded space", "%20x"),
    ("an encoded newline", "%0D%0Ax"),
    ("NUL", "%00"),
    ("encoded dot segments", "%2F%2E%2E%2F%2E%2E"),
    ("dot segments with backslashes", "%5C..%5C.."),
    ("an umlaut", "%C3%BC"),
    ("a combining mark", "u%CC%88"),
    ("an emoji", "%F0%9F%98%80"),
    ("a right-to-left mark", "%E2%80%8F"),
    ("an overlong slash", "%C0%AF"),
    ("a byte that is no UTF-8", "%FF"),
    ("a surrogate as UTF-8", "%ED%A0%BD"),
    ("a percent sign alone", "%"),
    ("one hexadecimal digit", "%4"),
    ("no hexadecimal digits", "%zz"),
    ("a matrix parameter", ";v=1"),
    ("a colon", ":x"),
    ("an at sign", "@example.com"),
    ("a comma", ",x"),
    ("an asterisk", "*"),
    ("a dollar sign", "$x"),
    ("a quote", "'--"),
    ("an encoded query operator", "%7B%22$gt%22:%22%22%7D"),
    ("encoded markup", "%3Cb%3E"),
    ("a template", "$%7B7*7%7D"),
    ("a dot at the end", "."),
    ("an extension", ".json"),
    ("67 characters and more", "x" * 67),
    ("2,000 characters", "x" * 2_000),
    ("500 encoded emojis", "%F0%9F%98%80" * 500),
)


def odd_segments() -> st.SearchStrategy[Case[str]]:
    """One of the odd path segments."""
    return st.sampled_from(_TAILS).map(_made)


def odd_segment_cases() -> tuple[Case[str], ...]:
    """Path segments that stand for no customer, ASCII and ready to send; the client must not encode again.

    Each begins with a fresh id: none is empty, a dot segment, or a word that somebody's customer may have
    for an id, so that a delete of it is harmless.
    """
    return tuple(map(_made, _TAILS))


def _made(named: tuple[str, str]) -> Case[str]:
    name, tail = named
    return Case(name, namespace.fresh_id() + tail)
