"""Query parameters: q in the published forms and malformed, sort, paging, expand."""

from strategies.queries.builders import (
    all_of,
    any_of,
    boolean,
    exact,
    exists,
    missing,
    null,
    regex,
    regex_words,
    tilde_before_parenthesis,
)
from strategies.queries.malformed import invalid_search_cases, malformed_query_cases
from strategies.queries.parameters import (
    EXPANDS,
    invalid_flag_cases,
    invalid_page_number_cases,
    invalid_page_size_cases,
    large_page_cases,
    rotations,
    unknown_expand_cases,
    unknown_sort_cases,
)

__all__ = [
    "EXPANDS",
    "all_of",
    "any_of",
    "boolean",
    "exact",
    "exists",
    "invalid_flag_cases",
    "invalid_page_number_cases",
    "invalid_page_size_cases",
    "invalid_search_cases",
    "large_page_cases",
    "malformed_query_cases",
    "missing",
    "null",
    "regex",
    "regex_words",
    "rotations",
    "tilde_before_parenthesis",
    "unknown_expand_cases",
    "unknown_sort_cases",
]
