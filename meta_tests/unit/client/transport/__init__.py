"""Tests of client/transport."""
