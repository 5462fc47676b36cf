"""The lifecycle of a run: preflight, ledger, clean-up, and discovery of what earlier runs left behind."""
