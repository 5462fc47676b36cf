"""Calls of worker processes through the client of the controlling process."""
