"""Tests of harness/checks."""
