"""Permitted variations: what the contract leaves open; importing the package registers them all."""
