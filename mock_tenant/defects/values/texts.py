"""Defects of strings: characters and lengths for which a write stores another string."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable

from mock_tenant.behaviour import Behaviour
from mock_tenant.defects.writes.fields import alters
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import operation_defects

Text = Callable[[str], str]
ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def before_astral(text: str) -> str:
    """The text before its first character outside the Basic Multilingual Plane."""
    return ASTRAL.split(text)[0]


def without_accents(text: str) -> str:
    """The text without combining marks."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def replacing(*pairs: tuple[str, str]) -> Text:
    """A function that replaces texts."""

    def replace(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return replace


def matching(pattern: str, replacement: str) -> Text:
    """A function that replaces what matches an expression."""
    return lambda text: re.sub(pattern, replacement, text)


def first(count: int) -> Text:
    """A function that cuts a text."""
    return lambda text: text[:count]


def with_a_lower_script(text: str) -> str:
    """A language tag in lower case if it has a script."""
    return text.lower() if re.search("[-_][A-Za-z]{4}(?![A-Za-z])", text) else text


for _operation, _name, _verb, _description, _alter in (
    ("create", "firstName", "cuts-at-emoji", "drops everything from the first emoji on in", before_astral),
    ("upsert", "title", "cuts-at-emoji", "drops everything from the first emoji on in", before_astral),
    ("patch", "company", "cuts-at-emoji", "drops everything from the first emoji on in", before_astral),
    ("create", "lastName", "cuts-255", "stores the first 255 characters of", first(255)),
    ("upsert", "middleName", "cuts-1000", "stores the first 1,000 characters of", first(1000)),
    ("patch", "title", "cuts-40", "stores the first 40 characters of", first(40)),
    ("upsert", "photoUrl", "cuts-500", "stores the first 500 characters of", first(500)),
    ("create", "contactPhone", "cuts-12", "stores the first 12 characters of", first(12)),
    ("patch", "contactEmail", "cuts-60", "stores the first 60 characters of", first(60)),
    ("patch", "contactPhone", "cuts-20", "stores the first 20 characters of", first(20)),
    ("create", "preferredLanguage", "cuts-2", "stores the first two characters of", first(2)),
    ("create", "preferredLanguage", "cuts-5", "stores the first five characters of", first(5)),
    ("patch", "lastName", "drops-backslashes-of", "removes backslashes from", replacing(("\\", ""))),
    ("upsert", "firstName", "doubles-quotes-of", "doubles apostrophes in", replacing(("'", "''"))),
    ("create", "company", "strips-tags-of", "removes HTML tags from", matching(r"<[^>]*>", "")),
    ("patch", "firstName", "unescapes", "resolves HTML entities in", html.unescape),
    ("upsert", "company", "decodes", "resolves percent-encoding in", replacing(("%41", "A"), ("%20", " "))),
    ("create", "photoUrl", "decodes", "resolves percent-encoding in", replacing(("%20", " "))),
    ("patch", "photoUrl", "drops-the-fragment-of", "removes the fragment from", matching("#.*", "")),
    ("patch", "photoUrl", "secures", "replaces http by https in", matching("^http:", "https:")),
    (
        "upsert",
        "lastName",
        "replaces-plus-signs-of",
        "replaces plus signs by spaces in",
        replacing(("+", " ")),
    ),
    ("create", "title", "normalizes-line-breaks-of", "replaces line breaks in", replacing(("\r\n", "\n"))),
    ("patch", "middleName", "normalizes-tabs-of", "replaces tabs by spaces in", replacing(("\t", " "))),
    (
        "create",
        "middleName",
        "normalizes-spaces-of",
        "replaces non-breaking spaces in",
        replacing(("\u00a0", " ")),
    ),
    (
        "upsert",
        "title",
        "drops-invisible-characters-of",
        "removes zero-width characters from",
        matching("[\u200b-\u200f\u00ad]", ""),
    ),
    (
        "patch",
        "title",
        "replaces-typographic-quotes-of",
        "replaces typographic quotes and apostrophes in",
        replacing(("\u201c", '"'), ("\u201d", '"'), ("\u2019", "'")),
    ),
    ("patch", "company", "drops-accents-of", "removes accents from", without_accents),
    (
        "upsert",
        "company",
        "compatibly-normalises",
        "stores the Unicode normal form NFKC of",
        lambda text: unicodedata.normalize("NFKC", text),
    ),
    (
        "patch",
        "title",
        "drops-the-null-of",
        "stores an empty string for the string null in",
        matching("^null$", ""),
    ),
    (
        "create",
        "lastName",
        "drops-the-null-of",
        "stores an empty string for the string null in",
        matching("^null$", ""),
    ),
    ("upsert", "firstName", "drops-the-zeros-of", "removes leading zeros from", matching("^0+(?=.)", "")),
    ("patch", "contactPhone", "drops-spaces-of", "removes spaces from", replacing((" ", ""))),
    ("create", "contactPhone", "drops-brackets-of", "removes parentheses from", matching("[()]", "")),
    (
        "upsert",
        "contactEmail",
        "drops-tags-of",
        "removes the subaddress (+tag) from",
        matching(r"\+[^@]*", ""),
    ),
    ("patch", "contactEmail", "lowercases", "stores the lower-case form of", str.lower),
    ("patch", "preferredLanguage", "lowercases", "stores the lower-case form of", str.lower),
    (
        "patch",
        "preferredLanguage",
        "lowercases-a-script-in",
        "stores in lower case a language with a script as",
        with_a_lower_script,
    ),
    ("patch", "lastName", "drops-a-leading-colon-of", "removes a leading colon from", matching("^:", "")),
    ("upsert", "lastName", "resolves-templates-of", "resolves templates in", matching(r"\{\{.*?\}\}", "")),
    (
        "patch",
        "lastName",
        "drops-the-last-line-break-of",
        "removes the last line break from",
        lambda text: text.rstrip("\n"),
    ),
):
    alters(_operation, _name, _verb, _description, _alter)


def ignores_empty(operations: Iterable[str], name: str) -> None:
    """Seeds writes that ignore an empty text."""

    @operation_defects(
        operations,
        f"{{}}.{name}.round-trip",
        name="{}-ignores-an-empty-" + name,
        description=f"{{}} ignores an empty {name}.",
    )
    class IgnoresEmpty(Behaviour):
        def written_values(self, request: ApiRequest) -> dict[str, object]:
            values = super().written_values(request)
            return {key: value for key, value in values.items() if key != name or value != ""}


for _name in ("firstName", "middleName", "lastName"):
    ignores_empty(["patch"], _name)
for _name in ("title", "company"):
    ignores_empty(("create", "patch"), _name)


def rejects_long(operation: str, name: str, longest: int) -> None:
    """Seeds a write that rejects a text of more characters."""

    @operation_defects(
        [operation],
        f"{{}}.{name}.round-trip",
        name=f"{{}}-rejects-a-{name}-of-{longest + 1}",
        description=f"{{}} rejects a {name} of more than {longest} characters.",
        also_violates=["create.status.created", "patch.status.ok", "upsert.*.status"],
    )
    class RejectsLong(Behaviour):
        def string_error(self, request: ApiRequest, property_name: str, value: str) -> str | None:
            if property_name == name and len(value) > longest:
                return f"The value must have at most {longest} characters."
            return super().string_error(request, property_name, value)


for _operation, _name, _longest in (
    ("create", "company", 255),
    ("upsert", "lastName", 100),
    ("patch", "firstName", 50),
    ("create", "photoUrl", 1000),
):
    rejects_long(_operation, _name, _longest)


def fills(other: str, name: str) -> None:
    """Seeds a patch that stores a property under another one too if that is absent."""

    @operation_defects(
        ["patch"],
        f"{{}}.{name}.round-trip",
        name=f"{{}}-fills-{other}-with-{name}",
        description=f"{{}} stores {name} as {other} too if the body has none.",
        also_violates=[f"{{}}.{other}.*", "{}.fields.only-named", "{}.properties.*"],
    )
    class FillsOther(Behaviour):
        def written_values(self, request: ApiRequest) -> dict[str, object]:
            values = super().written_values(request)
            return {other: values[name], **values} if name in values else values


fills("firstName", "middleName")
fills("middleName", "lastName")
