"""Secrets are removed from everything that is shown."""
