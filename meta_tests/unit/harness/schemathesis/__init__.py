"""Tests of harness/schemathesis."""
