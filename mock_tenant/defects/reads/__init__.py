"""Defects of get, list and search: completeness, paging, queries, sorting, representation."""
