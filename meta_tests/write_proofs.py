"""`python -m meta_tests.write_proofs`: which planted defects break which clause, for the report to tell.

`meta_tests/test_teeth.py` shows each of them to turn its clause red, and fails where the file is not current.
"""

import json

from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.planting import DEFECTS
from reporting.proofs import PROOFS


def main() -> None:
    """Write the file anew."""
    planted: dict[str, list[str]] = {}
    for name, defect in DEFECTS.items():
        planted.setdefault(defect.clause, []).append(name)
    ordered = {clause: sorted(planted[clause]) for clause in sorted(planted)}
    PROOFS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
