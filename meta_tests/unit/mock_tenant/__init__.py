"""Tests of the mock tenant."""
