"""Currencies, restrictions, tenant names, tokens and path segments."""

import re

import jsonschema_rs
import pytest
from babel.numbers import list_currencies

from meta_tests.support.minimal import examples, minimal
from spec import clauses, schema
from strategies import ABSENT, Case, currencies, namespace, paths, restrictions, tenants, tokens

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
TENANT_PATTERN = re.compile(r"[a-z][a-z0-9]+")


@pytest.fixture(autouse=True)
def _prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use("cct-k3f9a-")


def named_once(cases: tuple[Case[str], ...]) -> bool:
    return len({case.name for case in cases}) == len(cases) == len({case.value for case in cases})


def test_currencies_are_known_to_every_list() -> None:
    assert set(currencies.CODES) <= set(list_currencies())
    assert set(examples(currencies.currencies(), 100)) <= set(currencies.CODES)
    assert minimal(currencies.currencies()) == "EUR"


def test_no_currencies_are_none() -> None:
    drawn = set(examples(currencies.no_currencies(), 100))
    assert all(re.fullmatch("[A-Z]{3}", code) for code in drawn)
    assert not drawn & set(list_currencies())
    assert not any(code.startswith("X") for code in drawn)
    assert minimal(currencies.no_currencies()) == "ZZZ"


def test_lower_case_currencies_fit_the_schema_only() -> None:
    assert minimal(currencies.lower_case()) == "eur"


def test_broken_currencies_have_the_wrong_length() -> None:
    validator = jsonschema_rs.validator_for(schema("CustomerCreate")["properties"]["preferredCurrency"])
    cases = currencies.broken_currency_cases()
    assert named_once(cases)
    assert {len(case.value) for case in cases} >= {0, 1, 2, 4, 5}
    for case in cases:
        assert not validator.is_valid(case.value), case.name
        assert case.constraint.endswith("min-length") == (len(case.value) < 3)
        assert f"create.{case.constraint}" in clauses()
    assert minimal(currencies.broken_currencies()).value == "EU"
    assert minimal(currencies.broken_currencies("preferredCurrency.max-length")).value == "EURO"


@pytest.mark.parametrize(
    "configured", [("DE", "AT", "CH"), ("main",), ("ZZ", "D", "DEX", "deDE"), ("1",), ()]
)
def test_unlisted_restrictions_are_listed_in_no_case(configured: tuple[str, ...]) -> None:
    cases = restrictions.unlisted_cases(configured)
    assert named_once(cases)
    assert len(cases) >= 5
    assert not {case.value.casefold() for case in cases} & {value.casefold() for value in configured}
    assert {case.constraint for case in cases} == {"restriction.unlisted"}
    assert "" not in {case.value for case in cases}


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        (("DE",), {"de", "De"}),
        (("DE", "de"), {"De"}),
        (("main",), {"MAIN", "Main"}),
        (("1", "2-3"), set()),
        ((), set()),
    ],
)
def test_the_wrong_case_is_never_the_right_one(configured: tuple[str, ...], expected: set[str]) -> None:
    assert {case.value for case in restrictions.wrong_case_cases(configured)} >= expected
    assert not {case.value for case in restrictions.wrong_case_cases(configured)} & set(configured)
    assert restrictions.wrong_case(configured).is_empty is not bool(expected)


def test_the_smallest_restrictions() -> None:
    assert minimal(restrictions.listed(("DE", "AT"))) == "DE"
    assert restrictions.unlisted_cases(("DE", "AT"))[0].value == "ZZ"
    assert minimal(restrictions.wrong_case(("DE", "AT"))).value == "de"
    assert [minimal(one()) for one in (restrictions.empty, restrictions.null, restrictions.absent)] == [
        *("", None, ABSENT),
    ]
    assert restrictions.listed(()).is_empty


def test_tenant_names_are_well_formed_and_reach_both_bounds() -> None:
    validator = jsonschema_rs.validator_for({"minLength": 3, "maxLength": 16, "pattern": "^[a-z][a-z0-9]+$"})
    drawn = examples(tenants.names(), 100)
    assert all(map(validator.is_valid, drawn))
    assert min(map(len, drawn)) == 3
    assert max(map(len, drawn)) >= 12
    assert minimal(tenants.names()) == "aaa"


@pytest.mark.parametrize("tenant", ["acme", "abc", "abcdefghijklmnop", "t123456789012345"])
def test_broken_tenant_names_break_the_constraint_they_name(tenant: str) -> None:
    cases = tenants.broken_name_cases(tenant)
    assert named_once(cases)
    for case in cases:
        broken = {
            "tenant.min-length": len(case.value) < 3,
            "tenant.max-length": len(case.value) > 16,
            "tenant.pattern": not TENANT_PATTERN.fullmatch(case.value) and len(case.value) > 1,
        }
        assert [name for name, holds in broken.items() if holds] == [case.constraint], case.name
        assert {f"list.{case.constraint}", f"create.{case.constraint}"} <= set(clauses())
    values = {case.value for case in cases}
    assert {len(value) for value in values} >= {1, 2, 17}
    assert tenant.upper() in values
    assert minimal(tenants.broken_names(tenant)).value == tenant[:2]


def test_malformed_headers_are_never_a_scheme_and_a_token() -> None:
    cases = tokens.malformed_header_cases(TOKEN)
    assert named_once(cases)
    for case in cases:
        assert not re.fullmatch(r"bearer +[A-Za-z0-9._~+/-]+=*", case.value, re.IGNORECASE), case.name
        assert f"get.{case.constraint}" in clauses()
    assert minimal(tokens.malformed_headers(TOKEN)).value == "Bearer"


def test_tokens_that_were_never_issued_are_tokens_and_not_the_real_one() -> None:
    cases = tokens.never_issued_cases(TOKEN)
    assert named_once(cases)
    assert TOKEN not in {case.value for case in cases}
    for case in (*cases, *examples(tokens.never_issued(TOKEN), 50)):
        assert re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", case.value), case.name
        assert f"get.{case.constraint}" in clauses()
    assert minimal(tokens.never_issued(TOKEN)).value == "invalid"


@pytest.mark.parametrize("token", ["", "a", "ab", "123"])
def test_short_tokens_have_fewer_near_copies(token: str) -> None:
    values = [case.value for case in tokens.never_issued_cases(token)]
    assert token not in values
    assert "" not in values


def test_no_case_prints_the_real_token() -> None:
    for case in (*tokens.malformed_header_cases(TOKEN), *tokens.never_issued_cases(TOKEN)):
        for part in (TOKEN, TOKEN[30:], TOKEN[:30]):
            assert part not in f"{case!r} {case}"


def test_odd_segments_are_ascii_and_name_nobody() -> None:
    cases = paths.odd_segment_cases()
    assert named_once(cases)
    for case in (*cases, *examples(paths.odd_segments(), 30)):
        assert case.value.isascii()
        assert case.value.isprintable()
        assert namespace.is_ours(case.value)
        assert "/" not in case.value
        assert len(case.value) < 8_000
    assert max(len(case.value) for case in cases) > 2_000
    assert minimal(paths.odd_segments()).name == "an encoded slash"
