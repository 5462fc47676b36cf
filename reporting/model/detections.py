"""The defects, seeded in the mock tenant, that were shown to make each clause fail."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

DETECTIONS: Final = Path(__file__).with_name("detections.json")


def detections() -> Mapping[str, Sequence[str]]:
    """The names of the seeded defects by the clause that each breaks."""
    recorded: dict[str, list[str]] = json.loads(DETECTIONS.read_text(encoding="utf-8"))
    return recorded
