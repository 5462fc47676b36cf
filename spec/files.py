"""Reads the YAML files of spec/ and validates their content; every mistake is one sentence."""

from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from spec.errors import SpecificationError

Model = TypeVar("Model")

REMEDY: Final = "correct it or restore it from the release."
# The loader in C is ten times as fast; not every build of PyYAML has it.
YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MISTAKES: Final = {
    "dataclass_type": "must be a mapping",
    "model_type": "must be a mapping",
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a known key",
    "extra_forbidden": "is not a known key",
}


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; SpecificationError if the file cannot be read or is not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecificationError(
            f"{path}: cannot be read ({one_line(error)}); restore it from the release."
        ) from error
    try:
        return yaml.load(text, YAML_LOADER)  # noqa: S506 (both loaders are the safe ones)
    except yaml.YAMLError as error:
        raise SpecificationError(f"{path}: is not YAML ({one_line(error)}); {REMEDY}") from error


def read_model(model: TypeAdapter[Model], path: Path) -> Model:
    """The content of a YAML file as an instance of the model; SpecificationError names the first mistake."""
    try:
        return model.validate_python(read_yaml(path))
    except ValidationError as error:
        raise SpecificationError(f"{path}{first_mistake(error)}; {REMEDY}") from None


def first_mistake(error: ValidationError) -> str:
    """The place of the first mistake and what is wrong there, to follow the name of a file: `, entry 3, id: …`."""
    mistake = error.errors(include_url=False)[0]
    place = "".join(
        f", entry {part + 1}" if isinstance(part, int) else f", {part}" for part in mistake["loc"]
    )
    message = mistake["msg"].removeprefix("Value error, ")
    return f"{place}: {_MISTAKES.get(mistake['type']) or message[0].lower() + message[1:]}"


def one_line(error: BaseException) -> str:
    """An exception's message on a single line, without a full stop, for the middle of a sentence."""
    return " ".join(str(error).split()).rstrip(".")
