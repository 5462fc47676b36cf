"""Reads a published document from a file or an address."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from spec.errors import SpecificationError
from spec.files import YAML_LOADER, one_line

SECONDS: Final = 30.0
REMEDY: Final = "name the file or the address of an OpenAPI document."


def read(source: str) -> Mapping[str, Any]:
    """The document in a file or at an http(s) address, as YAML or JSON; SpecificationError if there is none."""
    try:
        if source.startswith(("http://", "https://")):
            text = httpx.get(source, follow_redirects=True, timeout=SECONDS).raise_for_status().content
        else:
            text = Path(source).read_bytes()
        content = yaml.load(text, YAML_LOADER)  # noqa: S506 (both loaders are the safe ones)
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise SpecificationError(f"{source}: cannot be read ({one_line(error)}); {REMEDY}") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise SpecificationError(
            f"{source}: is neither YAML nor JSON ({one_line(error)}); {REMEDY}"
        ) from error
    if not isinstance(content, Mapping):
        raise SpecificationError(f"{source}: is no OpenAPI document; {REMEDY}")
    return content
