"""Customer ids: valid custom ids, unknown ids, and invalid ids."""

import string
from collections.abc import Sequence

import hypothesis.strategies as st

from strategies import namespace
from strategies.cases import Case

# One of each class first, so that failures shrink to common characters.
CHARACTERS = "aA0_-" + "".join(sorted(set(string.ascii_letters + string.digits) - set("aA0")))
LENGTHS: tuple[int | None, ...] = (None, 66, 65, 64, 40)

_PADDINGS = ("", "A", "_", "-", "0", "aB_9-")


def custom_ids(*, lengths: Sequence[int | None] = LENGTHS) -> st.SearchStrategy[str]:
    """Well-formed custom ids under the run prefix, each drawn only once.

    `lengths` counts characters, None meaning the shortest possible. The text after the number is of every permitted
    character class. Source: create, property id (the corrected pattern).
    """
    paddings = st.sampled_from(_PADDINGS) | short_ids(4)
    return st.builds(namespace.fresh_id, st.sampled_from(tuple(lengths)), paddings)


def short_ids(length: int = 1) -> st.SearchStrategy[str]:
    """Well-formed ids of so few characters that no prefix fits; another run may have used them already."""
    return st.tuples(*[st.sampled_from(CHARACTERS)] * length).map("".join)


def character_kind_cases() -> tuple[Case[str], ...]:
    """Ids with one kind of character besides lower-case letters each, none of them under the run prefix.

    The prefix has a hyphen and may have digits, so it would hide which kind a tenant rejects.
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
    """Well-formed ids under the run prefix that no customer of this run has or will have."""
    return custom_ids(lengths=(None, 66))


def case_swapped(customer_id: str) -> str:
    """The same id with the case of its letters swapped, if possible only of those after the run prefix.

    ValueError for an id without letters.
    """
    head = namespace.prefix() if namespace.contains(customer_id) else ""
    tail = customer_id.removeprefix(head)
    swapped = head + tail.swapcase()
    if swapped == customer_id:
        swapped = customer_id.swapcase()
    if swapped == customer_id:
        raise ValueError(f"the id {customer_id!r} has no letter whose case could be swapped.")
    return swapped


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


def invalid_id_cases(constraint: str) -> tuple[Case[str], ...]:
    """Ids that break one constraint: id.empty, id.max-length or id.characters.

    They keep the run prefix if possible, so that a tenant which accepts one can be cleaned up.
    """
    ids = {
        "id.empty": {"empty": ""},
        "id.max-length": {
            "67 characters": namespace.fresh_id(66) + "x",
            "68 characters": namespace.fresh_id(66) + "xy",
            "256 characters": namespace.fresh_id().ljust(256, "x"),
            "2000 characters": namespace.fresh_id().ljust(2000, "x"),
        },
        "id.characters": {
            **{f"{name} inside": f"{namespace.fresh_id()}{text}a" for name, text in _OUTSIDE},
            "a newline at the end": f"{namespace.fresh_id()}\n",
            "a space at the end": f"{namespace.fresh_id()} ",
            "a space at the beginning": f" {namespace.fresh_id()}",
        },
    }
    return tuple(Case(name, value, constraint) for name, value in ids[constraint].items())
