"""The request target and headers that are really sent."""
