"""`make bench`: the sample of defects, the tables of results and the proxy that delays responses."""

import os
import time
from dataclasses import replace
from xml.etree import ElementTree

import httpx
import pytest

from bench.__main__ import sample
from bench.figure import WIDTH, figure
from bench.results import page
from bench.slow_tenants import SlowRun, delayed, table
from bench.tenant import MeasuredTenant
from bench.tools import TOOLS, Measurement
from meta_tests.support import mock_server
from mock_tenant.registry import DEFECTS

SVG = "{http://www.w3.org/2000/svg}"


def measurement(exchanges: int = 100, seconds: float = 1.0, *, failed: bool = False) -> Measurement:
    return Measurement(
        failed=failed,
        exchanges=exchanges,
        seconds=seconds,
        peak_memory=100.0,
        breakdown={"network": seconds / 2},
        left=0,
    )


def test_the_sample_is_deterministic_and_spread_over_the_clauses() -> None:
    names = sample(40)
    assert names == sample(40)
    assert len(set(names)) == 40
    assert len({DEFECTS[name].clause.partition(".")[0] for name in names}) >= 7
    assert sorted(sample(len(DEFECTS))) == sorted(DEFECTS)


def test_the_table_has_medians_and_ratios() -> None:
    suite, cli, bare_loop = TOOLS
    clean = {
        suite: [measurement(300), measurement(600), measurement(900)],
        cli: [measurement(200)],
        bare_loop: [measurement(2000)],
    }
    on_defects = {
        suite: [measurement(10, 2.0, failed=True), measurement(10, 9.0)],
        cli: [measurement(10, 4.0, failed=True), measurement(10, 6.0)],
    }
    results = page(clean, on_defects, 3)
    assert "| checked exchanges per second | 600 | 200 | 2,000 | 3.00 |" in results
    assert "| share of network, % | 50 | 50 | 50 | 1.00 |" in results
    assert "| defects detected of 2 | 1 | 1 | – | 1.00 |" in results
    assert "| time to the first failure, s | 2 | 4 | – | 0.50 |" in results


def test_a_tool_that_fails_on_the_clean_tenant_has_detected_nothing() -> None:
    suite, cli, bare_loop = TOOLS
    clean = {
        suite: [measurement()],
        cli: [measurement(), measurement(failed=True)],
        bare_loop: [measurement()],
    }
    results = page(clean, {suite: [measurement(failed=True)], cli: [measurement(failed=True)]}, 2)
    assert "| false positives on the clean tenant, runs | 0 | 1 | 0 | 0.00 |" in results
    assert "| defects detected of 1 | 1 | – | – | – |" in results


def slow_runs() -> list[SlowRun]:
    busy = replace(measurement(2_500, 9.0), processor_seconds=4.0 * (os.cpu_count() or 1))
    waiting = replace(measurement(2_500, 31.26), parallel=10)
    return [
        SlowRun("suite", 0, busy),
        SlowRun("suite", 100, waiting),
        SlowRun("CLI", 100, measurement(1_500, 157.0)),
        SlowRun("suite", 0, replace(measurement(4_400, 35.0), parallel=16), late_reads=True),
    ]


def test_the_table_of_slow_tenants_has_a_column_for_each_tenant() -> None:
    assert table(slow_runs()) == [
        "| wall time in seconds (floor) | 0 ms | 100 ms | reads 1 s late | exchanges |",
        "|---|--:|--:|--:|--:|",
        "| suite | 9.0 (4.0) | 31.3 (25.0) | 35.0 (0.0) | 4,400 |",
        "| CLI | – | 157.0 (150.0) | – | 1,500 |",
    ]


def test_the_figure_has_a_bar_for_each_run_in_proportion_to_its_time() -> None:
    drawing = ElementTree.fromstring(figure(slow_runs()))  # noqa: S314 - our own document
    texts = [each.text for each in drawing.iter(f"{SVG}text")]
    assert texts[1:] == [
        "0 ms added to each response",
        "suite",
        "9.0",
        "100 ms added to each response",
        "suite",
        "31.3",
        "CLI",
        "157.0",
        "reads 1 s late",
        "suite",
        "35.0",
    ]
    _background, *bars = (float(each.attrib["width"]) for each in drawing.iter(f"{SVG}rect"))
    assert bars[4] == WIDTH
    assert bars[5] / bars[4] == pytest.approx(150 / 157, abs=0.001)
    assert bars[0] / bars[4] == pytest.approx(9 / 157, abs=0.001)


def test_the_proxy_delays_each_response() -> None:
    with mock_server.running() as ready:
        tenant = MeasuredTenant(dict(ready["environ"]))
        with delayed(tenant, 150) as slow:
            started = time.monotonic()
            response = httpx.get(f"{slow.environ['EMPORIX_API_URL']}{slow.path}")
            assert time.monotonic() - started >= 0.15
    assert response.status_code == 401
    assert slow.environ["EMPORIX_API_URL"] != tenant.environ["EMPORIX_API_URL"]
