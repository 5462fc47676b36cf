"""`make bench`: the sample of defects and the table of results."""

from bench.__main__ import sample
from bench.results import page
from bench.tools import TOOLS, Measurement
from mock_tenant.registry import DEFECTS


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
