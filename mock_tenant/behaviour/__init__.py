"""A faithful tenant as many small decisions, each a method that a defect or a variation can override."""

from mock_tenant.behaviour.operations import Operations


class Behaviour(Operations):
    """The whole behaviour of a tenant, as the contract has it."""


__all__ = ["Behaviour"]
