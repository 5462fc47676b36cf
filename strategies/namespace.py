"""The run's namespace: ids, addresses, names and passwords that no other run and no other example uses.

Hypothesis decides the shape of a value, and a counter numbers it when it is drawn. So a replay or a step of
shrinking never collides with a customer of an earlier attempt.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_ID = 66
DOMAINS = ("example.com", "example.org", "example.net")  # reserved for documentation, RFC 2606 §3

_PREFIX = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*-")
_LONGEST_PREFIX = 40  # leaves an id 26 characters for its number and padding


@dataclass(frozen=True, slots=True)
class Namespace:
    """A run prefix and the numbers that make each value unique; threads may share them."""

    prefix: str
    numbers: Iterator[int]

    def stem(self) -> str:
        """The prefix and the next number."""
        return f"{self.prefix}{next(self.numbers)}"


_active: Namespace | None = None


def use(prefix: str, *, start: int | None = None, step: int = 1) -> None:
    """Set the prefix of every value of this run, for example `cct-k3f9a-`.

    The numbers continue, so that a prefix may be set twice. With a `start` they are every `step`-th number from
    there, so that several processes of one run share none. ValueError unless the prefix is lower-case letters,
    digits and single hyphens, ends in a hyphen and has at most 40 characters.
    """
    global _active
    if not _PREFIX.fullmatch(prefix) or len(prefix) > _LONGEST_PREFIX:
        raise ValueError(
            f"the run prefix {prefix!r} must be lower-case letters, digits and hyphens, begin with a letter, "
            f"end in a hyphen and have at most {_LONGEST_PREFIX} characters."
        )
    continued = (
        _active.numbers if _active and start is None else itertools.count(1 if start is None else start, step)
    )
    _active = Namespace(prefix, continued)


def prefix() -> str:
    """The prefix of this run; RuntimeError before `use()`."""
    return _namespace().prefix


def fresh_id(length: int | None = None, padding: str = "") -> str:
    """A well-formed unused custom id, `<prefix><number>` and then a hyphen and `padding`.

    With a `length` (up to 66) the padding is repeated, or cut, until the id has exactly that many characters.
    ValueError if prefix and number alone are longer than that. Source: create, property id.
    """
    stem = _namespace().stem()
    tail = f"-{padding}" if padding else ""
    if length is None:
        return (stem + tail)[:LONGEST_ID]
    if not len(stem) <= length <= LONGEST_ID:
        raise ValueError(f"an id of this run has {len(stem)} to {LONGEST_ID} characters, not {length}.")
    missing = length - len(stem)
    unit = padding or "x"
    return stem + ("-" + unit * missing)[:missing]


def fresh_email(domain: str = DOMAINS[0]) -> str:
    """An unused address on a domain that receives no mail (RFC 2606)."""
    return f"{_namespace().stem()}@{domain}"


def similar_emails() -> tuple[str, ...]:
    """Seven unused addresses that differ in little, but not only in the case of letters.

    They differ in a dot, in what a dot or an underscore of a pattern would match (the dot in one order and the
    other), in a tag after a plus, and in the domain.
    """
    stem, (com, org, net) = _namespace().stem(), DOMAINS
    ends = (f".b@{com}", f"b@{com}", f"_b@{com}", f".b+tag@{com}", f"xb@{org}", f".b@{org}", f".b@{net}")
    return tuple(stem + end for end in ends)


def fresh_name() -> str:
    """An unused name of lower-case letters, digits and underscores: for mixins."""
    return _namespace().stem().replace("-", "_")


def fresh_word() -> str:
    """An unused word of lower-case letters and digits: to search for the customers of a test."""
    namespace = _namespace()
    return f"{namespace.prefix.replace('-', '')}x{next(namespace.numbers)}"


def fresh_password() -> str:
    """An unused password, strong by the usual rules and easy to recognise in a response or a log."""
    return f"Pw!{fresh_word()}#Zq7"


def contains(value: str) -> bool:
    """Whether an id or address belongs to this run."""
    return value.startswith(prefix())


def _namespace() -> Namespace:
    if _active is None:
        raise RuntimeError("the run has no prefix yet; call strategies.namespace.use(prefix) first.")
    return _active
