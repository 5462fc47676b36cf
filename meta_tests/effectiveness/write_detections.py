"""`python -m meta_tests.effectiveness.write_detections`: writes the file of detected defects by clause.

`test_effectiveness.py` verifies that each defect is detected, and fails if the file is not current.
"""

import json

from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS
from reporting.model.detections import DETECTIONS


def defects_by_clause() -> dict[str, list[str]]:
    """The names of the defects that violate each clause, sorted."""
    result: dict[str, list[str]] = {}
    for name, defect in sorted(DEFECTS.items()):
        result.setdefault(defect.clause, []).append(name)
    return dict(sorted(result.items()))


def main() -> None:
    """Writes the file."""
    DETECTIONS.write_text(json.dumps(defects_by_clause(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
