"""Tests of mock_tenant."""
