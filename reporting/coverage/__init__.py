"""How much of the OpenAPI document a run really exercised, measured from the exchanges as they are recorded."""

from reporting.coverage.measured import KINDS, Coverage, Kind, Reached
from reporting.coverage.meter import Meter

__all__ = ["KINDS", "Coverage", "Kind", "Meter", "Reached"]
