"""Tests of reads."""
