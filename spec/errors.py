"""The error of a file of spec/ that cannot be used."""


class SpecificationError(ValueError):
    """A file of spec/ cannot be used; the message is one sentence that names the place and the remedy."""
