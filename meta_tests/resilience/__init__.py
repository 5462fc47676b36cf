"""Faults of the network, interruptions and shared tenants."""
