"""`python -m harness.schemathesis.write_coverage_cases`: stores the coverage cases of Schemathesis.

To be run after a change of the document or of Schemathesis; `test_coverage_rows.py` fails where the file is
not current. What changed is seen in the difference, a line each.
"""

from harness.schemathesis.coverage import derived
from harness.schemathesis.coverage_rows import COVERAGE_CASES, written


def main() -> None:
    """Write the file anew."""
    COVERAGE_CASES.write_text(written(derived().rows), encoding="utf-8")


if __name__ == "__main__":
    main()
