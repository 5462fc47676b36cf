"""Tests of the CI integrations and of the files of the project."""
