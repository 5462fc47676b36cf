"""Path segments of a request target that are malformed or unusual, percent-encoded where a URL requires it."""

from strategies import namespace
from strategies.cases import Case

# Each follows a fresh id, which no customer has, so that no path names a customer of another client.
_TAILS: tuple[tuple[str, str], ...] = (
    ("an encoded slash", "%2Fx"),
    ("an encoded backslash", "%5Cx"),
    ("an encoded question mark", "%3Fx"),
    ("an encoded number sign", "%23x"),
    ("an encoded percent sign", "%25"),
    ("a doubly encoded slash", "%252Fx"),
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
    ("a byte that is not UTF-8", "%FF"),
    ("a surrogate as UTF-8", "%ED%A0%BD"),
    ("a lone percent sign", "%"),
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


def malformed_segment_cases() -> tuple[Case[str], ...]:
    """Path segments that identify no customer, ASCII and ready to send; the client must not encode them again.

    Each begins with a fresh id: none is empty, a dot segment, or the id of another client's customer, so that a
    delete is harmless.
    """
    return tuple(Case(name, namespace.fresh_id() + tail) for name, tail in _TAILS)
