"""Tests of histories of several operations."""
