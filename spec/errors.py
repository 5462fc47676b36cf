"""Errors that the user can correct."""


class UserError(ValueError):
    """What the user gave cannot be used; the message is one sentence that names the place and the remedy."""


class SpecificationError(UserError):
    """A file of spec/ cannot be used; the message is one sentence that names the place and the remedy."""
