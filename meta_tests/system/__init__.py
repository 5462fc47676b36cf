"""Whole runs and the files of the project."""
