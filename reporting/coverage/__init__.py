"""How much of the OpenAPI document a run exercises, measured from the exchanges as they are recorded."""

from reporting.coverage.collector import CoverageCollector

__all__ = ["CoverageCollector"]
