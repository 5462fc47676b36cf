"""A conforming tenant as many small hook methods, each of which a defect or a variation can override."""

from mock_tenant.behaviour.operations import Operations


class Behaviour(Operations):
    """The behaviour of a tenant that conforms to the contract."""


__all__ = ["Behaviour"]
