"""Tests of client/lifecycle."""
