"""Defects that depend on the value: free objects, texts, merge patches, unique values, partial updates."""
