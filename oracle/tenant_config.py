"""The configuration of a tenant, as far as expected responses depend on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The configuration; None: not known.

    restrictions: the configured list; sites: codes of existing sites; synchronise: an unset restriction follows
    preferredSite; recreate: the id of a deleted customer may be used again; active, on_hold: the flags of a new
    customer; custom_ids: custom ids of 1 to 66 characters are accepted (None: the literal reading of the id pattern,
    one character, is possible too); shows_metadata: metadata.mixins are returned at all; free_mixins:
    mixins are accepted whose schema the tenant does not know.
    Source: Validation of restriction; published, prose.
    """

    restrictions: tuple[str, ...] | None = None
    sites: tuple[str, ...] = ("main",)
    synchronise: bool | None = False
    recreate: bool = False
    active: bool | None = None
    on_hold: bool | None = None
    custom_ids: bool | None = None
    shows_metadata: bool = True
    free_mixins: bool = True
