"""The run's namespace: ids, addresses, names and passwords that no other run and no other example uses.

Hypothesis decides the shape of a value and a counter decides the rest, at the moment the value is drawn. So a
replay or a step of shrinking never meets a customer that an earlier attempt left behind.
"""

import itertools
import re
import threading

LONGEST_ID = 66
DOMAINS = ("example.com", "example.org", "example.net")  # reserved for documentation, RFC 2606 §3

_PREFIX = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*-")
_LONGEST_PREFIX = 40  # leaves an id 26 characters for its number and padding


class _Namespace:
    def __init__(self) -> None:
        self.prefix: str | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def count_from(self, start: int, step: int) -> None:
        with self._lock:
            self._numbers = itertools.count(start, step)

    def number(self) -> int:
        with self._lock:
            return next(self._numbers)


_namespace = _Namespace()


def use(prefix: str, *, start: int | None = None, step: int = 1) -> None:
    """Set the prefix that everything of this run begins with, for example `cct-k3f9a-`.

    Numbers go on from where they were, so a prefix may be set twice; with a `start`, they are every `step`-th
    number from there, so that several processes of one run never use the same. ValueError for a prefix that is not
    lower-case letters, digits and single hyphens with a hyphen at the end, at most 40 characters.
    """
    if not _PREFIX.fullmatch(prefix) or len(prefix) > _LONGEST_PREFIX:
        raise ValueError(
            f"the run prefix {prefix!r} must be lower-case letters, digits and hyphens, begin with a letter, "
            f"end in a hyphen and have at most {_LONGEST_PREFIX} characters."
        )
    _namespace.prefix = prefix
    if start is not None:
        _namespace.count_from(start, step)


def prefix() -> str:
    """The prefix of this run; RuntimeError before `use()`."""
    if _namespace.prefix is None:
        raise RuntimeError("the run has no prefix yet; call strategies.namespace.use(prefix) first.")
    return _namespace.prefix


def fresh_id(length: int | None = None, padding: str = "") -> str:
    """A well-formed custom id that was never used, `<prefix><number>` and then a hyphen and `padding`.

    With a `length` (up to 66) the padding is repeated, or cut, until the id has exactly that many characters.
    ValueError where prefix and number alone are longer than that. Source: create, property id.
    """
    stem = f"{prefix()}{_namespace.number()}"
    tail = f"-{padding}" if padding else ""
    if length is None:
        return (stem + tail)[:LONGEST_ID]
    if not len(stem) <= length <= LONGEST_ID:
        raise ValueError(f"an id of this run has {len(stem)} to {LONGEST_ID} characters, not {length}.")
    missing = length - len(stem)
    unit = padding or "x"
    return stem + ("-" + unit * missing)[:missing]


def fresh_email(domain: str = DOMAINS[0]) -> str:
    """An address that was never used, on a domain where nobody can receive mail (RFC 2606)."""
    return f"{prefix()}{_namespace.number()}@{domain}"


def lookalike_emails() -> tuple[str, ...]:
    """Seven addresses that were never used and are all but the same, though in more than the case of letters.

    They differ in a dot, in what a pattern's dot would match (in one order and the other), in a tag behind a
    plus, and in the domain.
    """
    stem, (com, org, net) = f"{prefix()}{_namespace.number()}", DOMAINS
    ends = (f".b@{com}", f"b@{com}", f"xb@{com}", f".b+tag@{com}", f"xb@{org}", f".b@{org}", f".b@{net}")
    return tuple(stem + end for end in ends)


def fresh_name() -> str:
    """A name that was never used, of lower-case letters, digits and underscores: for mixins."""
    return f"{prefix().replace('-', '_')}{_namespace.number()}"


def fresh_word() -> str:
    """A word that was never used, of lower-case letters and digits, to find one's own customers by."""
    return f"{prefix().replace('-', '')}x{_namespace.number()}"


def fresh_password() -> str:
    """A password that was never used, strong by the usual rules, and unmistakable wherever it turns up."""
    return f"Pw!{fresh_word()}#Zq7"


def is_ours(value: str) -> bool:
    """Whether an id or address begins as those of this run do."""
    return value.startswith(prefix())
