"""Malformed q: a tenant may find nothing or reject it, but never with 5xx."""

from typing import Any

from strategies.cases import Case

_MALFORMED: tuple[Case[str], ...] = (
    Case("nothing", ""),
    Case("a space", " "),
    Case("a value without a key", "Ada"),
    Case("a tilde", "~"),
    Case("a colon", ":"),
    Case("a key without a value", "firstName:"),
    Case("a value without a name", ":Ada"),
    Case("two colons", "firstName::Ada"),
    Case("a colon in the value", "firstName:a:b"),
    Case("a value with two pluses", "firstName:C++"),
    Case("an unknown field", "noSuchField:Ada"),
    Case("an open bracket", "firstName:("),
    Case("an empty bracket", "firstName:()"),
    Case("a bracket that is not closed", "firstName:(Ada,Grace"),
    Case("a closing bracket", "firstName:Ada)"),
    Case("brackets in brackets", "firstName:((Ada))"),
    Case("a lone comma", "firstName:(,)"),
    Case("a quote that is not closed", 'firstName:"Ada'),
    Case("a single quote", "firstName:O'Hara"),
    Case("a backslash at the end", "firstName:Ada\\"),
    Case("an operator without a value", "metadataCreatedAt:>"),
    Case("a comparison with a word", "metadataCreatedAt:>Ada"),
    Case("a date that does not exist", 'metadataCreatedAt:>"2026-02-30T00:00:00.000Z"'),
    Case("a range with one end", "metadataCreatedAt:(>=1 AND )"),
    Case("a reversed range", "metadataCreatedAt:(>=9 AND <=1)"),
    Case("a lone AND", "AND"),
    Case("a pattern without text", "firstName:~"),
    Case("a pattern with an open bracket", "firstName:~("),
    Case("a pattern with an open set", "firstName:~[a"),
    Case("a pattern with a star first", "firstName:~*"),
    Case("a pattern that backtracks", "firstName:~(a+)+$"),
    Case("a pattern with a huge count", "firstName:~a{99999999}"),
    Case("a query operator", '{"$where":"sleep(1)"}'),
    Case("a field with a dollar sign", "$where:1"),
    Case("a field with dots", "a..b.:Ada"),
    Case("SQL", "firstName:' OR '1'='1"),
    Case("a template", "firstName:${7*7}"),
    Case("markup", "firstName:<script>"),
    Case("a percent sign", "firstName:%"),
    Case("an umlaut", "firstName:Jürgen"),
    Case("a combining mark", "firstName:Zoe\u0308"),
    Case("an emoji", "firstName:😀"),
    Case("a right-to-left mark", "firstName:\u200fAda"),
    Case("NUL", "firstName:Ada\0"),
    Case("a newline", "firstName:Ada\nlastName:Lovelace"),
    Case("a tab", "firstName:Ada\tGrace"),
    Case("2,000 characters", f"firstName:{'a' * 2_000}"),
    Case("200 values", f"firstName:({','.join(['Ada'] * 200)})"),
    Case("200 conditions", " ".join(["firstName:Ada"] * 200)),
    Case("200 open brackets", f"firstName:{'(' * 200}"),
)

_NOT_STRINGS: tuple[Case[Any], ...] = (
    Case("a number", {"q": 1}, "q.type"),
    Case("true", {"q": True}, "q.type"),
    Case("an array", {"q": ["firstName:Ada"]}, "q.type"),
    Case("an object", {"q": {"firstName": "Ada"}}, "q.type"),
    Case("a query operator", {"q": {"$gt": ""}}, "q.type"),
)


def malformed_query_cases() -> tuple[Case[str], ...]:
    """Malformed queries; each fits a request URL of 10 KB, percent-encoded."""
    return _MALFORMED


def invalid_search_cases() -> tuple[Case[Any], ...]:
    """Bodies of search whose q is not a string. Source: search, q."""
    return _NOT_STRINGS
