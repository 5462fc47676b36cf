"""`python -m reporting.write_schema`: generates conformance.schema.json from the models."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from reporting.files import write_atomically
from reporting.formats.json_file import DOCUMENT

PATH: Final = Path(__file__).with_name("conformance.schema.json")


class Untitled(GenerateJsonSchema):
    """Without a title for each field, which only repeats its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the name is given
        """False for all fields."""
        return False


def schema_text() -> str:
    """The JSON Schema (2020-12) of conformance.json."""
    schema = DOCUMENT.json_schema(mode="serialization", schema_generator=Untitled)
    return json.dumps({"$schema": GenerateJsonSchema.schema_dialect, **schema}, indent=2) + "\n"


if __name__ == "__main__":
    write_atomically(PATH, schema_text())
