"""Formats that CI systems and report servers read."""
