"""`python -m client.describe`: the file that it writes, what it measures, and what it leaves."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.config.settings import TenantConfig, load_tenant_config
from client.describe import main
from client.lifecycle import measurement
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant, times
from meta_tests.unit.client.lifecycle.test_facts import configured


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        server.faults.append(
            configured({"restrictions": ["DE", 'a"b\\c'], "customerActiveOnCreation": False})
        )
        yield server


def describe(server: LoopbackTenant, folder: Path, *options: str, **environ: str) -> int:
    arguments = ["--output", str(folder / "tenant.toml"), "--report-dir", str(folder / "reports"), *options]
    return main(arguments, server.environ(**environ))


def test_the_file_describes_the_tenant_and_names_each_origin(server: LoopbackTenant, tmp_path: Path) -> None:
    assert describe(server, tmp_path) == 0
    file = tmp_path / "tenant.toml"
    config = load_tenant_config(file)
    assert config.tenant.restrictions == ("DE", 'a"b\\c')
    assert config.tenant.sites == ("main", "DE")
    assert config.tenant.active_on_creation is False
    assert config.tenant.on_hold_on_creation is None
    assert config.consistency == TenantConfig().consistency
    lines = file.read_text(encoding="utf-8").splitlines()
    assert "acme" in lines[0]
    assert all("  # " in line for line in lines[2:] if line and not line.startswith("["))
    unknown = [line for line in lines if line.startswith("# on_hold_on_creation = ")]
    assert unknown == [
        "# on_hold_on_creation = …  # unknown: the configuration of the tenant has no key "
        "customerOnHoldOnCreation; write the value"
    ]
    assert not server.customers, "a customer of the measurement is left"


def test_an_existing_file_is_kept_and_nothing_is_sent(
    server: LoopbackTenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tenant.toml").write_text("# mine\n", encoding="utf-8")
    assert describe(server, tmp_path) == 4
    assert (tmp_path / "tenant.toml").read_text(encoding="utf-8") == "# mine\n"
    assert not server.seen
    assert "is not overwritten" in capsys.readouterr().err


def test_read_only_creates_no_customer(server: LoopbackTenant, tmp_path: Path) -> None:
    assert describe(server, tmp_path, "--read-only") == 0
    assert {seen.method for seen in server.seen if not seen.is_token} == {"GET"}
    assert "consistency" not in tomllib.loads((tmp_path / "tenant.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("environ", "code", "word"),
    [
        ({"EMPORIX_TENANT": ""}, 4, "EMPORIX_TENANT is not set"),
        ({"EMPORIX_CLIENT_SECRET": "wrong"}, 6, "check both values"),
    ],
)
def test_a_wrong_environment_is_one_sentence(
    server: LoopbackTenant,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    environ: dict[str, str],
    code: int,
    word: str,
) -> None:
    assert describe(server, tmp_path, **environ) == code
    error = capsys.readouterr().err
    assert word in error
    assert error.count("\n") == 1
    assert not (tmp_path / "tenant.toml").exists()


def test_a_late_change_widens_its_window(server: LoopbackTenant, tmp_path: Path) -> None:
    server.faults.append(times(6, Reply(200, []), lambda seen: "q=id" in seen.target))
    assert describe(server, tmp_path) == 0
    config = load_tenant_config(tmp_path / "tenant.toml")
    assert config.consistency.read == 0
    text = (tmp_path / "tenant.toml").read_text(encoding="utf-8")
    stated = re.search(r"the last one after ([\d.]+) seconds", text)
    assert stated is not None, text
    delay = float(stated[1])
    assert delay >= 1.0, "0.02 + 0.04 + … + 0.4 seconds, and more on a busy machine"
    assert config.consistency.index == pytest.approx(3 * delay, abs=1.1)
    assert "3 times as long" in text


def test_a_change_that_is_never_visible_stays_a_comment(
    server: LoopbackTenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measurement, "LIMIT", 0.1)
    server.faults.append(lambda seen: Reply(200, []) if "q=id" in seen.target else None)
    assert describe(server, tmp_path) == 0
    text = (tmp_path / "tenant.toml").read_text(encoding="utf-8")
    assert "# index = …  # unknown: a change was not visible after 0.1 seconds" in text
    assert "\nread = 0.0  # measured: 6 changes" in text


def test_a_rejected_create_stops_the_measurement(server: LoopbackTenant, tmp_path: Path) -> None:
    server.faults.append(lambda seen: Reply(400) if seen.method == "POST" and not seen.is_token else None)
    assert describe(server, tmp_path) == 0
    text = (tmp_path / "tenant.toml").read_text(encoding="utf-8")
    assert text.count("# unknown: not measured: create answers 400") == 3


def test_a_rejected_look_stops_the_measurement_at_once(server: LoopbackTenant, tmp_path: Path) -> None:
    server.faults.append(lambda seen: Reply(400) if "q=id" in seen.target else None)
    assert describe(server, tmp_path) == 0
    text = (tmp_path / "tenant.toml").read_text(encoding="utf-8")
    assert "# index = …  # unknown: not measured: list answers 400" in text
    assert not server.customers


def test_a_customer_that_cannot_be_deleted_is_named(
    server: LoopbackTenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def keep(seen: Seen) -> Reply | None:
        return Reply(500) if seen.method == "DELETE" else None

    server.faults.append(keep)
    assert describe(server, tmp_path) == 1
    assert (tmp_path / "tenant.toml").exists()
    assert "python -m client.sweep --run" in capsys.readouterr().err
