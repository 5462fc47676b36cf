"""Currencies, restrictions, tenant names, tokens and path segments."""

import re

import jsonschema_rs
import pytest
from babel.core import get_global

from meta_tests.support.minimal import examples, minimal
from spec import clauses, schema
from strategies import Case, currencies, namespace, paths, restrictions, tenants, tokens

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
"""The alphabetic codes of circulating currencies in ISO 4217, list one of 2026; funds and metals are not among them."""
TENANT_PATTERN = re.compile(r"[a-z][a-z0-9]+")


def named_once(cases: tuple[Case[str], ...]) -> bool:
    return len({case.name for case in cases}) == len(cases) == len({case.value for case in cases})


def test_common_currencies_are_in_every_list() -> None:
    assert set(currencies.CODES) <= CURRENCIES <= set(get_global("all_currencies"))


@pytest.mark.parametrize("end", ["min-length", "max-length"])
def test_invalid_currencies_have_the_wrong_length(end: str) -> None:
    validator = jsonschema_rs.validator_for(schema("CustomerCreate")["properties"]["preferredCurrency"])
    cases = currencies.invalid_currency_cases(f"preferredCurrency.{end}")
    assert named_once(cases)
    for case in cases:
        assert not validator.is_valid(case.value), case.name
        assert (end == "min-length") == (len(case.value) < 3)
        assert f"create.{case.constraint}" in clauses()


def test_unassigned_currencies_are_in_no_list() -> None:
    drawn = set(examples(currencies.unassigned_currencies(), 100))
    assert all(re.fullmatch("[A-Z]{3}", code) for code in drawn)
    assert not drawn & set(get_global("all_currencies"))
    assert not any(code.startswith("X") for code in drawn)
    assert minimal(currencies.unassigned_currencies()) == "ZZZ"


@pytest.mark.parametrize(
    "configured", [("DE", "AT", "CH"), ("main",), ("ZZ", "D", "DEX", "deDE"), ("1",), ()]
)
def test_unlisted_restrictions_are_not_listed_in_any_case(configured: tuple[str, ...]) -> None:
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
def test_case_variants_of_restrictions_are_not_listed(
    configured: tuple[str, ...], expected: set[str]
) -> None:
    strategy = restrictions.case_variants(configured)
    assert strategy.is_empty is not bool(expected)
    drawn = {case.value for case in examples(strategy)} if expected else set()
    assert drawn >= expected
    assert not drawn & set(configured)


def test_the_smallest_restrictions() -> None:
    assert restrictions.unlisted_cases(("DE", "AT"))[0].value == "ZZ"
    assert minimal(restrictions.case_variants(("DE", "AT"))).value == "de"


@pytest.mark.parametrize("tenant", ["acme", "abc", "abcdefghijklmnop", "t123456789012345"])
def test_invalid_tenant_names_break_the_constraint_they_name(tenant: str) -> None:
    cases = tenants.invalid_name_cases(tenant)
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


def test_malformed_headers_are_never_a_scheme_and_a_token() -> None:
    cases = tokens.malformed_header_cases(TOKEN)
    assert named_once(cases)
    for case in cases:
        assert not re.fullmatch(r"bearer +[A-Za-z0-9._~+/-]+=*", case.value, re.IGNORECASE), case.name
        assert f"get.{case.constraint}" in clauses()


def test_forged_tokens_are_tokens_and_not_the_real_one() -> None:
    cases = tokens.forged_token_cases(TOKEN)
    assert named_once(cases)
    assert TOKEN not in {case.value for case in cases}
    for case in cases:
        assert re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", case.value), case.name
        assert f"get.{case.constraint}" in clauses()


@pytest.mark.parametrize("token", ["", "a", "ab", "123"])
def test_short_tokens_have_fewer_near_copies(token: str) -> None:
    values = [case.value for case in tokens.forged_token_cases(token)]
    assert token not in values
    assert "" not in values


def test_no_case_prints_the_real_token() -> None:
    for case in (*tokens.malformed_header_cases(TOKEN), *tokens.forged_token_cases(TOKEN)):
        for part in (TOKEN, TOKEN[30:], TOKEN[:30]):
            assert part not in f"{case!r} {case}"


def test_malformed_segments_are_ascii_and_identify_no_customer() -> None:
    cases = paths.malformed_segment_cases()
    assert named_once(cases)
    for case in cases:
        assert case.value.isascii()
        assert case.value.isprintable()
        assert namespace.contains(case.value)
        assert "/" not in case.value
        assert len(case.value) < 8_000
    assert max(len(case.value) for case in cases) > 2_000
