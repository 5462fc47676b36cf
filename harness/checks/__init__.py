"""Checks of responses and customers, and the clauses that they are evidence for."""
