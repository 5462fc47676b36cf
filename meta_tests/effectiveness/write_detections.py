"""`python -m meta_tests.effectiveness.write_detections`: the seeded defects that each clause was shown to detect.

`test_effectiveness.py` shows that each defect turns its clause red, and fails where the file is not current.
"""

import json

from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS
from reporting.model.detections import PROOFS


def main() -> None:
    """Write the file anew."""
    planted: dict[str, list[str]] = {}
    for name, defect in DEFECTS.items():
        planted.setdefault(defect.clause, []).append(name)
    ordered = {clause: sorted(planted[clause]) for clause in sorted(planted)}
    PROOFS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
