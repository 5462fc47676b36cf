"""Settings: every kind of error is one sentence that names the place and the remedy."""

import re
from pathlib import Path

import pytest

from client import ConfigurationError, load_settings, names_a_tenant

LIVE = {"EMPORIX_TENANT": "acme", "EMPORIX_CLIENT_ID": "me", "EMPORIX_CLIENT_SECRET": "hidden-value"}
WHOLE = """
[tenant]
restrictions = ["DE", "AT"]
sites = ["main", "DE"]
sync_restrictions_with_sites = true
recreate_deleted = true
active_on_creation = true
on_hold_on_creation = false
[consistency]
read = 0.0
index = 2
deletion = 2.5
[rate_limit]
requests_per_second = 10
[restricted_client]
restrictions = ["DE"]
[safety]
allow_notifications = true
max_customers = 100
max_requests = 2500
max_seconds = 60
"""


def tenant_config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tenant.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_without_a_file() -> None:
    settings = load_settings(None, LIVE)
    assert settings.api_url == "https://api.emporix.io"
    assert settings.token_url == "https://api.emporix.io/oauth/token"
    assert settings.tenant_config.tenant.restrictions is None
    assert settings.tenant_config.tenant.active_on_creation is None
    assert settings.tenant_config.tenant.recreate_deleted is False
    assert settings.tenant_config.consistency.index == 2.0
    assert settings.tenant_config.safety.allow_notifications is False


@pytest.mark.parametrize(("read", "deletion", "window"), [(0.0, 2.0, 2.0), (3.0, 0.0, 3.0)])
def test_a_get_that_may_be_stale_may_find_a_deleted_customer(
    tmp_path: Path, read: float, deletion: float, window: float
) -> None:
    file = tenant_config(tmp_path, f"[consistency]\nread = {read}\ndeletion = {deletion}\n")
    assert load_settings(file, LIVE).tenant_config.consistency.deleted_read == window


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    settings = load_settings(tenant_config(tmp_path, WHOLE), LIVE)
    assert settings.tenant_config.tenant.restrictions == ("DE", "AT")
    assert settings.tenant_config.tenant.sync_restrictions_with_sites
    assert settings.tenant_config.consistency.deletion == 2.5
    assert settings.tenant_config.rate_limit.requests_per_second == 10
    assert settings.tenant_config.restricted_client.restrictions == ("DE",)
    assert settings.tenant_config.safety.max_customers == 100


def test_an_empty_list_of_restrictions_differs_from_an_absent_one(tmp_path: Path) -> None:
    settings = load_settings(tenant_config(tmp_path, "[tenant]\nrestrictions = []"), LIVE)
    assert settings.tenant_config.tenant.restrictions == ()


def test_a_base_path_and_a_token_url_are_kept() -> None:
    settings = load_settings(None, {**LIVE, "EMPORIX_API_URL": "http://[::1]:8080/base/"})
    assert (settings.api_url, settings.token_url) == (
        "http://[::1]:8080/base",
        "http://[::1]:8080/base/oauth/token",
    )
    settings = load_settings(None, {**LIVE, "EMPORIX_TOKEN_URL": "https://login.example.com/t"})
    assert settings.token_url == "https://login.example.com/t"


def test_no_secret_in_what_may_be_shown() -> None:
    settings = load_settings(
        None, {**LIVE, "EMPORIX_RESTRICTED_CLIENT_ID": "r", "EMPORIX_RESTRICTED_CLIENT_SECRET": "rs-1"}
    )
    shown = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert "hidden-value" not in shown
    assert "rs-1" not in shown
    assert set(settings.secrets()) == {"hidden-value", "rs-1"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[tenant]\nrestriction = []", ["[tenant]", "'restriction'", "did you mean restrictions?"]),
        ("[tennant]", ["'tennant'", "did you mean tenant?"]),
        ("[pace]\nrequests_per_second = 10", ["[pace]", "[rate_limit]", "rename"]),
        ("wholly = 1", ["'wholly'", "use one of"]),
        ("[rate_limit]\nzzz = 1", ["[rate_limit]", "'zzz'", "requests_per_second"]),
        ("[consistency]\nindex = -1.0", ["[consistency] index", "-1.0", "at least 0"]),
        ("[consistency]\nread = nan", ["[consistency] read", "finite"]),
        ("[consistency]\nread = inf", ["[consistency] read", "finite"]),
        ('[consistency]\nread = "2"', ["[consistency] read", "number"]),
        ("[consistency]\nread = true", ["[consistency] read", "true", "number"]),
        ("[rate_limit]\nrequests_per_second = -3", ["[rate_limit] requests_per_second", "at least 0"]),
        ('[tenant]\nrestrictions = "DE"', ["[tenant] restrictions", "'DE'", "list of strings"]),
        ('[tenant]\nrestrictions = ["DE", 3]', ["[tenant] restrictions, entry 2", "string in quotes"]),
        ('[tenant]\nsites = [""]', ["[tenant] sites, entry 1", "empty"]),
        ('[tenant]\nrecreate_deleted = "no"', ["[tenant] recreate_deleted", "true or false"]),
        ("[safety]\nmax_customers = 0", ["[safety] max_customers", "at least 1"]),
        ("[safety]\nmax_requests = 1.5", ["[safety] max_requests", "whole number"]),
        ("[safety]\nmax_seconds = 0", ["[safety] max_seconds", "above 0"]),
        ("tenant = 3", ["[tenant]", "table"]),
        ("[tenant]\nsites = [", ["not valid TOML", "line 2"]),
        ("a = 1\nb = = 2", ["not valid TOML", "line 2"]),
    ],
)
def test_an_error_in_the_file_is_one_sentence(tmp_path: Path, text: str, names: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tenant_config(tmp_path, text), LIVE)
    assert_sentence(caught, [str(tmp_path / "tenant.toml"), *names])


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path / "absent.toml", LIVE)
    assert_sentence(caught, ["absent.toml", "no such file", "--tenant-config"])
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path, LIVE)
    assert_sentence(caught, [str(tmp_path), "directory"])
    (tmp_path / "latin.toml").write_bytes(b'[tenant]\nsites = ["\xe4"]')
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path / "latin.toml", LIVE)
    assert_sentence(caught, ["latin.toml", "UTF-8"])


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"EMPORIX_TENANT": ""}, ["EMPORIX_TENANT"]),
        ({"EMPORIX_TENANT": "Acme"}, ["EMPORIX_TENANT", "'Acme'", "lower-case"]),
        ({"EMPORIX_TENANT": "ab"}, ["EMPORIX_TENANT", "3 to 16"]),
        ({"EMPORIX_TENANT": "1abc"}, ["EMPORIX_TENANT", "letter first"]),
        ({"EMPORIX_TENANT": "a" * 17}, ["EMPORIX_TENANT"]),
        ({"EMPORIX_TENANT": "acmé"}, ["EMPORIX_TENANT"]),
        ({"EMPORIX_API_URL": "api.example.com"}, ["EMPORIX_API_URL", "'api.example.com'", "https://"]),
        ({"EMPORIX_API_URL": "ftp://example.com"}, ["EMPORIX_API_URL"]),
        ({"EMPORIX_API_URL": "https://"}, ["EMPORIX_API_URL"]),
        ({"EMPORIX_API_URL": "https://x:99999"}, ["EMPORIX_API_URL"]),
        ({"EMPORIX_API_URL": "https://[x"}, ["EMPORIX_API_URL"]),
        ({"EMPORIX_API_URL": "https://x?a=b"}, ["EMPORIX_API_URL", "query"]),
        ({"EMPORIX_API_URL": "https://me:pw@example.com"}, ["EMPORIX_API_URL", "password"]),
        ({"EMPORIX_TOKEN_URL": "nowhere"}, ["EMPORIX_TOKEN_URL"]),
        ({"EMPORIX_CLIENT_SECRET": ""}, ["EMPORIX_CLIENT_ID", "EMPORIX_CLIENT_SECRET", "both or neither"]),
        ({"EMPORIX_CLIENT_ID": ""}, ["EMPORIX_CLIENT_SECRET", "EMPORIX_CLIENT_ID", "both or neither"]),
        ({"EMPORIX_CLIENT_SECRET": "a\nb"}, ["EMPORIX_CLIENT_SECRET", "characters"]),
        (
            {"EMPORIX_CLIENT_ID": "", "EMPORIX_CLIENT_SECRET": ""},
            ["EMPORIX_CLIENT_ID", "EMPORIX_ACCESS_TOKEN"],
        ),
        ({"EMPORIX_ACCESS_TOKEN": "t0ken"}, ["EMPORIX_ACCESS_TOKEN", "EMPORIX_CLIENT_ID", "unset"]),
        ({"EMPORIX_RESTRICTED_CLIENT_ID": "r"}, ["EMPORIX_RESTRICTED_CLIENT_SECRET", "both or neither"]),
        ({"EMPORIX_OTHER_TENANT": "other"}, ["EMPORIX_OTHER_CLIENT_ID", "or neither"]),
        ({"EMPORIX_OTHER_CLIENT_ID": "o", "EMPORIX_OTHER_CLIENT_SECRET": "s"}, ["EMPORIX_OTHER_TENANT"]),
        (
            {
                "EMPORIX_OTHER_TENANT": "acme",
                "EMPORIX_OTHER_CLIENT_ID": "o",
                "EMPORIX_OTHER_CLIENT_SECRET": "s",
            },
            ["EMPORIX_OTHER_TENANT", "the same"],
        ),
    ],
)
def test_an_error_in_the_environment_is_one_sentence(change: dict[str, str], names: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(None, {**LIVE, **change})
    assert_sentence(caught, names)
    assert "hidden-value" not in str(caught.value)


def test_the_mock_is_used_only_if_no_live_tenant_is_configured() -> None:
    assert names_a_tenant(LIVE)
    assert not names_a_tenant({"PATH": "/bin", "EMPORIX_TENANT": " "})
    with pytest.raises(ConfigurationError) as caught:
        names_a_tenant({"EMPORIX_CLIENT_ID": "me"})
    assert_sentence(caught, ["EMPORIX_CLIENT_ID", "EMPORIX_TENANT", "mock"])


def assert_sentence(caught: pytest.ExceptionInfo[ConfigurationError], names: list[str]) -> None:
    sentence = str(caught.value)
    assert type(caught.value) is ConfigurationError
    assert "\n" not in sentence
    assert re.search(r"[.?]$", sentence), sentence
    assert "pydantic" not in sentence
    for name in names:
        assert name in sentence, sentence
