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
    """The content of a YAML file; SpecificationError if the file is missing, unreadable or not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecificationError(f"{path}: is missing; restore it from the release.") from None
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
        mistake = error.errors(include_url=False)[0]
        place = "".join(f", {_part(part)}" for part in mistake["loc"])
        raise SpecificationError(f"{path}{place}: {_mistake(mistake)}; {REMEDY}") from None


def one_line(error: BaseException) -> str:
    """An exception's message on a single line, without a full stop, for the middle of a sentence."""
    return " ".join(str(error).split()).rstrip(".")


def _part(part: int | str) -> str:
    return f"entry {part + 1}" if isinstance(part, int) else part


def _mistake(mistake: Any) -> str:
    message: str = mistake["msg"].removeprefix("Value error, ")
    return _MISTAKES.get(mistake["type"]) or message[0].lower() + message[1:]
