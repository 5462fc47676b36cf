"""Defects of consistency: non-monotonic reads, intermittent and stateful defects, race conditions."""
