"""Customer ids: the custom ones a create may ask for, those nobody has, and those that must be refused."""

import string
from collections.abc import Callable, Sequence

import hypothesis.strategies as st

from strategies import namespace
from strategies.cases import Case

# One of each class first: what shrinks, shrinks towards a reader's alphabet.
CHARACTERS = "aA0_-" + "".join(sorted(set(string.ascii_letters + string.digits) - set("aA0")))
LENGTHS: tuple[int | None, ...] = (None, 66, 65, 64, 40)

_PADDINGS = ("", "A", "_", "-", "0", "aB_9-")
_SAMPLES_OF_CLASSES = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digit": string.digits,
    "underscore": "_",
    "hyphen": "-",
}


def custom_ids(
    *,
    lengths: Sequence[int | None] = LENGTHS,
    paddings: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[str]:
    """Well-formed custom ids under the run prefix, each drawn once only.

    `lengths` counts characters, None meaning as short as it comes; `paddings` is the text behind the number,
    by default of every permitted character class. Source: create, property id (the corrected pattern).
    """
    if paddings is None:
        paddings = st.sampled_from(_PADDINGS) | _texts(4)
    return st.builds(namespace.fresh_id, st.sampled_from(tuple(lengths)), paddings)


def custom_id_cases() -> tuple[Case[str], ...]:
    """Custom ids on the boundary of each promise about them: length, character class, last place."""
    return (
        Case("as short as it comes", namespace.fresh_id()),
        Case("66 characters", namespace.fresh_id(66)),
        Case("65 characters", namespace.fresh_id(65)),
        Case("upper-case letters", namespace.fresh_id(padding="ABCXYZ")),
        Case("both cases", namespace.fresh_id(padding="aBcXyZ")),
        Case("underscores", namespace.fresh_id(padding="_a_")),
        Case("a hyphen at the end", namespace.fresh_id(padding="a-")),
        Case("digits alone behind the prefix", namespace.fresh_id(padding="0123456789")),
        Case("66 characters of every class", namespace.fresh_id(66, "aZ_09-")),
    )


def short_ids(length: int = 1) -> st.SearchStrategy[str]:
    """Well-formed ids of so few characters that no prefix fits, so another run may well have them already."""
    return _texts(length)


def _texts(length: int) -> st.SearchStrategy[str]:
    return st.tuples(*[st.sampled_from(CHARACTERS)] * length).map("".join)


def kinds_of_character() -> tuple[Case[str], ...]:
    """Ids of one kind of character beside lower-case letters each, none of them under the run prefix.

    That has a hyphen and may have digits, so it could not tell which kind a tenant refuses.
    """
    stem = namespace.fresh_word().translate(str.maketrans("0123456789", "qrstuvwxyz"))
    kinds = {"letters": "", "a digit": "7", "a capital": "Q", "a hyphen": "-z", "an underscore": "_z"}
    digits = Case("digits alone", f"00{int(namespace.fresh_word(), 36)}")
    return (
        *(Case(name, stem + tail) for name, tail in kinds.items()),
        Case("a hyphen first", f"-{stem}"),
        digits,
    )


def unknown_ids() -> st.SearchStrategy[str]:
    """Well-formed ids under the run prefix that no customer has or will have in this run."""
    return custom_ids(lengths=(None, 66))


def case_swapped(customer_id: str) -> str:
    """The same id with the case of its letters turned, those behind the run prefix where there are any.

    ValueError for an id without letters, for it has no other case.
    """
    head = namespace.prefix() if namespace.is_ours(customer_id) else ""
    tail = customer_id.removeprefix(head)
    swapped = head + tail.swapcase()
    if swapped == customer_id:
        swapped = customer_id.swapcase()
    if swapped == customer_id:
        raise ValueError(f"the id {customer_id!r} has no letter whose case could be turned.")
    return swapped


def classes_of(customer_id: str) -> frozenset[str]:
    """The classes an id reaches: its boundary lengths and the kinds of its characters, the prefix aside."""
    tail = customer_id.removeprefix(namespace.prefix())
    kinds = {name for name, members in _SAMPLES_OF_CLASSES.items() if set(tail) & set(members)}
    length = len(customer_id)
    return frozenset(kinds | ({f"length-{length}"} if length in (0, 1, 2, 65, 66, 67) else set()))


_OUTSIDE = (
    ("a space", " "),
    ("a dot", "."),
    ("a slash", "/"),
    ("a colon", ":"),
    ("an at sign", "@"),
    ("a plus sign", "+"),
    ("a comma", ","),
    ("a percent sign", "%"),
    ("a percent-encoded letter", "%41"),
    ("a question mark", "?"),
    ("a number sign", "#"),
    ("an ampersand", "&"),
    ("a backslash", "\\"),
    ("a single quote", "'"),
    ("a double quote", '"'),
    ("markup", "<b>"),
    ("a dollar sign", "$"),
    ("an asterisk", "*"),
    ("an umlaut", "ü"),
    ("a combining mark", "u\u0308"),
    ("a letter of another script", "ж"),
    ("a digit of another script", "٣"),
    ("a full-width letter", "Ａ"),
    ("an emoji", "😀"),
    ("a non-breaking space", "\u00a0"),
    ("a zero-width space", "\u200b"),
    ("a typographic hyphen", "‐"),
    ("a tab", "\t"),
    ("a newline", "\n"),
    ("NUL", "\0"),
)


def _with_inside(text: str) -> str:
    return f"{namespace.fresh_id()}{text}a"


_Maker = tuple[str, str, Callable[[], str]]

_BROKEN: tuple[_Maker, ...] = (
    ("empty", "id.empty", lambda: ""),
    ("67 characters", "id.max-length", lambda: namespace.fresh_id(66) + "x"),
    ("68 characters", "id.max-length", lambda: namespace.fresh_id(66) + "xy"),
    ("256 characters", "id.max-length", lambda: namespace.fresh_id().ljust(256, "x")),
    ("2000 characters", "id.max-length", lambda: namespace.fresh_id().ljust(2000, "x")),
    *((f"{name} inside", "id.characters", lambda text=text: _with_inside(text)) for name, text in _OUTSIDE),
    ("a newline at the end", "id.characters", lambda: f"{namespace.fresh_id()}\n"),
    ("a space at the end", "id.characters", lambda: f"{namespace.fresh_id()} "),
    ("a space at the beginning", "id.characters", lambda: f" {namespace.fresh_id()}"),
)


def broken_ids(constraint: str | None = None) -> st.SearchStrategy[Case[str]]:
    """Ids that break one constraint, all of them or those of one: id.empty, id.max-length, id.characters.

    Broken ids keep the run prefix wherever they can, so that a tenant which takes one can be cleaned up.
    """
    makers = [maker for maker in _BROKEN if constraint in (None, maker[1])]
    return st.sampled_from(makers).map(_made)


def broken_id_cases(constraint: str | None = None) -> tuple[Case[str], ...]:
    """Every broken id, or those of one constraint, once."""
    return tuple(_made(maker) for maker in _BROKEN if constraint in (None, maker[1]))


def _made(maker: _Maker) -> Case[str]:
    name, constraint, make = maker
    return Case(name, make(), constraint)
