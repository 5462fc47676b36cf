"""Calls of worker processes to the client of the controlling process."""
