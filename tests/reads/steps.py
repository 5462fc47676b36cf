"""Steps that several modules of this folder share."""


def expand_reading(shown: object, without: object) -> str:
    """Whether an attribute is shown with and without expand."""
    if shown:
        return "always returned" if without else "returned on request only"
    return "returned without expand only" if without else "never returned"
