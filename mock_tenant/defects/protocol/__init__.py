"""Defects of the protocol: status codes, error bodies, HTTP semantics, input validation, server errors."""
