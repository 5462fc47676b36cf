"""What is said when a file of this room cannot be used."""


class SpecificationError(ValueError):
    """A file of spec/ cannot be used; the message is one sentence naming the place and the remedy."""
