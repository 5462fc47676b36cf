"""The defects, seeded in the mock tenant, that were shown to make each clause fail."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

DETECTIONS: Final = Path(__file__).with_name("detections.json")


@cache
def detections() -> Mapping[str, tuple[str, ...]]:
    """The names of the seeded defects by the clause that each breaks."""
    recorded: dict[str, list[str]] = json.loads(DETECTIONS.read_text(encoding="utf-8"))
    return {clause: tuple(names) for clause, names in recorded.items()}
