"""`make bench`: the sample is by rule, and the page says what was measured."""

from bench.__main__ import page, sample
from bench.contenders import CONTENDERS, Measured
from mock_tenant.registry import DEFECTS


def test_the_sample_is_spread_over_the_clauses_and_always_the_same() -> None:
    some = sample(40)
    assert some == sample(40)
    assert len(set(some)) == 40
    assert len({DEFECTS[name].clause.partition(".")[0] for name in some}) >= 7
    assert sorted(sample(len(DEFECTS))) == sorted(DEFECTS)


def test_the_page_tells_medians_and_ratios() -> None:
    def run(exchanges: int, seconds: float, *, red: bool = False) -> Measured:
        return Measured(red, exchanges, seconds, 100.0, {"network": seconds / 2}, 0)

    suite, other, bare = CONTENDERS
    clean = {
        suite: [run(300, 1.0), run(600, 1.0), run(900, 1.0)],
        other: [run(200, 1.0)],
        bare: [run(2000, 1.0)],
    }
    hunted = {suite: [run(10, 2.0, red=True), run(10, 9.0)], other: [run(10, 4.0, red=True), run(10, 6.0)]}
    told = page(clean, hunted, 3)
    assert "| judged exchanges a second | 600 | 200 | 2,000 | 3.00 |" in told
    assert "| share of network, % | 50 | 50 | 50 | 1.00 |" in told
    assert "| defects caught of 2 | 1 | 1 | – | 1.00 |" in told
    assert "| time to the first failure, s | 2 | 4 | – | 0.50 |" in told


def test_who_is_red_on_the_clean_tenant_has_caught_nothing() -> None:
    def run(*, red: bool) -> Measured:
        return Measured(red, 100, 1.0, 100.0, {}, 0)

    suite, other, bare = CONTENDERS
    clean = {suite: [run(red=False)], other: [run(red=False), run(red=True)], bare: [run(red=False)]}
    told = page(clean, {suite: [run(red=True)], other: [run(red=True)]}, 2)
    assert "| false alarms on the clean tenant, runs | 0 | 1 | 0 | 0.00 |" in told
    assert "| defects caught of 1 | 1 | – | – | – |" in told
