"""Tests of harness/triage."""
