"""`python -m mock_tenant`: see cli.py."""

import sys

from mock_tenant.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
