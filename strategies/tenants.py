"""Tenant names that are close to a real name and break one constraint."""

from strategies.cases import Case

_LONGEST = 16
_MIN, _MAX, _PATTERN = "tenant.min-length", "tenant.max-length", "tenant.pattern"
_OUTSIDE = (
    ("a hyphen", "-"),
    ("an underscore", "_"),
    ("a dot", "."),
    ("a space", " "),
    ("an umlaut", "ü"),
    ("a letter of another script", "ж"),
    ("a digit of another script", "٣"),
    ("an emoji", "😀"),
    ("a dollar sign", "$"),
    ("a percent sign", "%"),
    ("a single quote", "'"),
)


def invalid_name_cases(tenant: str = "acme") -> tuple[Case[str], ...]:
    """Names that break tenant.min-length, tenant.max-length or tenant.pattern, not percent-encoded.

    They derive from the name of the tenant under test, so that the response reveals a service which lowers,
    trims or cuts names. A name of one character breaks the pattern as well, which requires two. Source: list,
    tenant.
    """
    middle = max(1, min(len(tenant), _LONGEST - 1) // 2)
    head, tail = tenant[:middle], tenant[middle : _LONGEST - 1]
    cases = (
        Case("2 characters", (tenant + "ab")[:2], _MIN),
        Case("1 character", tenant[:1], _MIN),
        Case("17 characters", tenant.ljust(17, "x"), _MAX),
        Case("the name four times and more", (tenant * 17)[: max(17, 4 * len(tenant) + 1)], _MAX),
        Case("255 characters", tenant.ljust(255, "x"), _MAX),
        Case("the name in upper case", tenant.upper(), _PATTERN),
        Case("the name with a capital", tenant[:1].upper() + tenant[1:], _PATTERN),
        Case("a capital at the end", (tenant[: _LONGEST - 1] + "X"), _PATTERN),
        Case("a digit first", "1" + tenant[: _LONGEST - 1], _PATTERN),
        Case("digits alone", "12345", _PATTERN),
        Case("a space at the end", tenant[: _LONGEST - 1] + " ", _PATTERN),
        *(Case(f"{name} inside", head + text + tail, _PATTERN) for name, text in _OUTSIDE),
    )
    by_value = {case.value: case for case in reversed(cases)}  # a short tenant name gives some values twice
    return tuple(reversed(by_value.values()))
