"""Reading the files of this room."""

from pathlib import Path
from typing import Any

import yaml

from spec.errors import SpecificationError

# The loader in C reads the catalogue ten times as fast; not every build of PyYAML has it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; SpecificationError where it is missing, unreadable or no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecificationError(f"{path}: is missing; restore it from the release.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecificationError(
            f"{path}: cannot be read ({one_line(error)}); restore it from the release."
        ) from error
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (both loaders are the safe ones)
    except yaml.YAMLError as error:
        raise SpecificationError(
            f"{path}: is not YAML ({one_line(error)}); mend it or restore it from the release."
        ) from error


def one_line(error: BaseException) -> str:
    """An exception's message on a single line, fit for the middle of a sentence."""
    return " ".join(str(error).split()).rstrip(".")
