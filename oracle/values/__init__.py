"""JSON values: equality, formatting and times."""
