"""`python -m meta_tests.write_coverage_cases`: the coverage cases of Schemathesis, as the schema tests ask them.

To be run after a change of the document or of Schemathesis; `meta_tests/test_schema_rows.py` fails where the file is
not current. What changed is seen in the difference, a line each.
"""

from tests.asking.schemathesis_coverage import derived
from tests.asking.schemathesis_rows import COVERAGE_CASES, written


def main() -> None:
    """Write the file anew."""
    COVERAGE_CASES.write_text(written(derived().rows), encoding="utf-8")


if __name__ == "__main__":
    main()
