"""What proves that a clause can fail: the defects, planted in the mock tenant, that were shown to redden it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

PROOFS: Final = Path(__file__).with_name("detections.json")


@cache
def proofs() -> Mapping[str, tuple[str, ...]]:
    """The names of the planted defects by the clause that each breaks."""
    told: dict[str, list[str]] = json.loads(PROOFS.read_text(encoding="utf-8"))
    return {clause: tuple(names) for clause, names in told.items()}
