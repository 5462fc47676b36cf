"""Text that real systems lose, change or reject, plain words first."""

import unicodedata
from functools import cache

import hypothesis.strategies as st

from strategies.cases import Case

LENGTHS = (255, 256, 257, 1000, 2000, 2049)

WORDS = ("Ada", "Lovelace", "Grace", "Hopper", "Anna Maria", "Smith", "Berlin", "Acme Ltd", "Meier", "Li")

SAMPLES: tuple[Case[str], ...] = (
    Case("empty", ""),
    Case("one letter", "A"),
    Case("umlauts", "Jürgen Größe"),
    Case("decomposed umlaut", "Zoe\u0308"),
    Case("two combining marks", "Nguye\u0302\u0303n"),
    Case("combining mark first", "\u0301Ada"),
    Case("ligature", "Steﬃ"),
    Case("full-width letters", "ＡＤＡ"),
    Case("superscript", "E²"),
    Case("emoji", "😀"),
    Case("joined emoji", "👩\u200d👩\u200d👧"),
    Case("emoji with a skin tone", "👋🏽"),
    Case("flag", "🇩🇪"),
    Case("rare ideograph", "𠮷野"),
    Case("ideographs", "山田太郎"),
    Case("Hangul", "김철수"),
    Case("Thai", "สมชาย"),
    Case("Devanagari", "क्षितिज"),
    Case("Greek final sigma", "ΟΔΥΣΣΕΥΣ Οδυσσεύς"),
    Case("Cyrillic", "Жанна"),
    Case("Cyrillic that looks Latin", "Аdа"),
    Case("Arabic", "محمد"),
    Case("Hebrew", "שָׁלוֹם"),
    Case("right-to-left mark", "Ada\u200f"),
    Case("right-to-left override", "\u202eadA\u202c"),
    Case("zero-width space", "A\u200bda"),
    Case("zero-width non-joiner", "می\u200cخواهم"),
    Case("byte order mark inside", "A\ufeffda"),
    Case("soft hyphen", "Ada\u00adline"),
    Case("non-breaking space", "Ada\u00a0Lovelace"),
    Case("ideographic space", "山田\u3000太郎"),
    Case("line separator", "Ada\u2028Lovelace"),
    Case("leading space", " Ada"),
    Case("trailing space", "Ada "),
    Case("several spaces inside", "Ada   Lovelace"),
    Case("one space", " "),
    Case("tab", "Ada\tLovelace"),
    Case("newline", "Ada\nLovelace"),
    Case("newline at the end", "Ada\n"),
    Case("markup", "<b>Ada</b>"),
    Case("script", "<script>alert(1)</script>"),
    Case("entity", "Ada &amp; Co"),
    Case("ampersand", "Ada & Co"),
    Case("apostrophe", "O'Hara"),
    Case("double quotes", 'Ada "Byron" Lovelace'),
    Case("typographic quotes", "„Ada“ ’s"),
    Case("backslash", "Ada\\Lovelace"),
    Case("escape sequence", "Ada\\n\\u0041"),
    Case("SQL", "Robert'); DROP TABLE customers;--"),
    Case("SQL pattern", "100%_"),
    Case("template in braces", "{{7*7}}"),
    Case("template with a dollar sign", "${7*7}"),
    Case("query operator", '{"$gt":""}'),
    Case("format directive", "%s%d%n"),
    Case("URL characters", "a?b=c&d=e#f+g%20h/i"),
    Case("formula", "=1+1"),
    Case("leading zeros", "007"),
    Case("exponent", "1e5"),
    Case("decimal", "1.0"),
    Case("large number", "12345678901234567890"),
    Case("date", "2024-02-30"),
    Case("the word true", "true"),
    Case("the word null", "null"),
    Case("the word undefined", "undefined"),
    Case("the word NaN", "NaN"),
    Case("the word no", "no"),
    Case("sharp s", "Strauß"),
    Case("capital sharp s", "STRAUẞE"),
    Case("capital dotted i", "İstanbul"),
    Case("small dotless i", "Işık"),
    Case("digraph letter", "ǅ"),
    Case("comma and semicolon", "a,b;c|d"),
    Case("JSON text", '{"a":[1]}'),
)

# The pieces of mixtures: 15 and the empty one, each with a risk or two, in any order.
FRAGMENTS = (
    "",
    "Ada",
    " ",
    "e\u0301",
    "ﬁ",
    "😀",
    "\u200f",
    "\u200bא",
    "x  y",
    "\t",
    "\n",
    "<i>&lt;",
    "'\"\\",
    "';--",
    "{{1}}%",
    "ßİı",
)
_PIECES = 5
# Text that resembles a value of another type, or no value.
LOOKALIKES = ("", "007", "true", "null", "1e5", "1.0", " ", "NaN")

_UNITS = ("a", "Li ", "ä", "山", "😀", "e\u0301")


@cache
def texts(*, longest: int = 2049, conservative: bool = False) -> st.SearchStrategy[str]:
    """Strings that JSON can hold and no sentence of the contract forbids, a plain word first.

    Never NUL, a surrogate or a control character other than tab and newline: see `adversarial_cases()`.
    `longest`, at least 2, bounds the length in characters, and `conservative` draws only plain ASCII words.
    """
    words = st.sampled_from([word for word in WORDS if len(word) <= longest])
    if conservative:
        return words
    samples = [case.value for case in SAMPLES if len(case.value) <= longest]
    lookalikes = [value for value in LOOKALIKES if len(value) <= longest]
    # One number encodes the pieces: drawn much faster than a list, and it shrinks to fewer and simpler ones.
    numbers = st.integers(1, len(FRAGMENTS) ** _PIECES - 1)
    character = st.sampled_from(_characters())
    anything = st.builds(str.__add__, character, character)
    lengths = [length for length in LENGTHS if length <= longest]
    # one_of counts a repeated strategy once, so a strategy of more weight is built several times.
    return st.one_of(
        words,
        st.sampled_from(lookalikes),
        st.sampled_from(samples),
        *(numbers.map(lambda number: _mixture(number)[:longest]) for _ in range(5)),
        st.sampled_from(samples),
        anything,
        *(st.builds(of_length, st.sampled_from((None, *lengths)), st.sampled_from(_UNITS)) for _ in range(2)),
    )


def _mixture(number: int) -> str:
    pieces = []
    while number:
        number, digit = divmod(number, len(FRAGMENTS))
        pieces.append(FRAGMENTS[digit])
    return "".join(pieces)


@cache
def _characters() -> tuple[str, ...]:
    """Every assigned character of the alphabets, and one in 97 of the code points above U+3000."""
    points = (*range(ord("a"), ord("z") + 1), *range(0x20, 0x3000), *range(0x3000, 0x110000, 97))
    unwanted = ("Cc", "Cs", "Cn", "Co")
    return tuple(chr(point) for point in points if unicodedata.category(chr(point)) not in unwanted)


def of_length(length: int | None, unit: str = "a") -> str:
    """A text of exactly this many characters, a repeated unit, or the unit alone; no space at its end."""
    text = unit if length is None else (unit * (length // len(unit) + 1))[:length]
    return text[:-1] + "e" if text.endswith(" ") else text


def adversarial_cases() -> tuple[Case[str], ...]:
    """Text that a tenant may reject, but never with 5xx: control characters, half characters, sheer length.

    Lone surrogates cannot be encoded in UTF-8: send them with JSON's ASCII escapes.
    """
    return (
        Case("NUL", "Ada\0Lovelace"),
        Case("NUL alone", "\0"),
        Case("backspace", "Ada\b"),
        Case("carriage return", "Ada\r\nLovelace"),
        Case("escape", "\x1b[31mAda"),
        Case("delete", "Ada\x7f"),
        Case("C1 control character", "Ada\x85"),
        Case("lone high surrogate", "Ada\ud83d"),
        Case("lone low surrogate", "\ude00Ada"),
        Case("surrogates in the wrong order", "\ude00\ud83d"),
        Case("non-character", "Ada\uffff"),
        Case("private use character", "Ada\ue000"),
        Case("unassigned character", "Ada\U000e0fff"),
        Case("100,000 characters", of_length(100_000)),
        Case("10,000 combining marks", "a" + "\u0301" * 10_000),
    )
