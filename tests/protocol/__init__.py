"""Tests of HTTP, schemas and robustness."""
