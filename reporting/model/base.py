"""What the models of the report share: strict validation, text that UTF-8 can encode, and JSON values."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer

STRICT: Final = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)
LENIENT: Final = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)
DEPTH_KEPT: Final = 64
"""Levels of nesting of a JSON value that a report keeps; tests send far deeper values on purpose."""


def encodable(value: Any) -> Any:
    """Text with each half of a surrogate pair as an escape; other values unchanged."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def jsonable(value: Any, depth: int = DEPTH_KEPT) -> Any:
    """`value` as JSON can represent it: numbers without a JSON form and foreign types become their text.

    What is nested deeper than `depth` levels becomes an ellipsis.
    """
    if isinstance(value, Mapping | list | tuple) and depth == 0:
        return "…"
    if isinstance(value, Mapping):
        return {encodable(str(key)): jsonable(member, depth - 1) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(member, depth - 1) for member in value]
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return encodable(str(value))


Text = Annotated[str, BeforeValidator(encodable)]
Json = Annotated[Any, BeforeValidator(jsonable)]
JsonObject = Annotated[dict[str, Any], BeforeValidator(jsonable)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
SortedTexts = Annotated[frozenset[Text], PlainSerializer(sorted, return_type=list[str])]
"""A set that is written in order, so that equal reports are equal files."""
