"""What the models of the report share: strict validation, and text that UTF-8 can encode."""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer

STRICT: Final = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)
LENIENT: Final = ConfigDict(extra="ignore", json_schema_serialization_defaults_required=True)


def encodable(value: Any) -> Any:
    """Text with each half of a surrogate pair as an escape; other values unchanged."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(encodable)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
SortedTexts = Annotated[frozenset[Text], PlainSerializer(sorted, return_type=list[str])]
"""A set that is written in order, so that equal reports are equal files."""
