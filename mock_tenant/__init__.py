"""An embedded tenant: the customer API on a loopback port, with seeded defects and conforming variations.

The package is an independent reading of the contract. It imports no other package of the project, so that the
oracle and this tenant check each other.
"""
