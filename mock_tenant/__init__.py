"""An embedded tenant: the customer API on a loopback port, with planted defects and permitted variations.

It is a reading of the contract of its own: it imports no other room, so that the oracle and this tenant
check each other.
"""
