"""The model of one customer."""
