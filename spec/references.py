"""Resolves the references within a document."""

from collections.abc import Mapping
from typing import Any

from spec.errors import SpecificationError


def resolved(node: Any, document: Mapping[str, Any], *, place: str, within: tuple[str, ...] = ()) -> Any:
    """A copy of the node in which every `$ref` into the document is replaced by its target.

    Keywords beside a `$ref` win over those of its target (OpenAPI 3.1 lets a Schema Object have both).
    SpecificationError names the place of a reference without a target or in a cycle.
    """
    if isinstance(node, list):
        return [resolved(item, document, place=place, within=within) for item in node]
    if not isinstance(node, Mapping):
        return node
    rest = {
        key: resolved(value, document, place=place, within=within)
        for key, value in node.items()
        if key != "$ref"
    }
    if "$ref" not in node:
        return rest
    reference = node["$ref"]
    if reference in within:
        raise SpecificationError(f"{place}: {reference} leads back to itself; remove the cycle.")
    target = target_of(reference, document, place=place)
    return {**resolved(target, document, place=place, within=(*within, reference)), **rest}


def target_of(reference: str, document: Mapping[str, Any], *, place: str) -> Any:
    """The target of a reference such as `#/components/schemas/Customer` (RFC 6901 §6, a URI fragment)."""
    node: Any = document
    if not isinstance(reference, str) or not reference.startswith("#/"):
        raise SpecificationError(
            f"{place}: {reference} leads out of the document; refer to a part of the document."
        )
    for token in reference.removeprefix("#/").split("/"):
        name = token.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or name not in node:
            raise SpecificationError(f"{place}: {reference} leads nowhere; correct it or its target.")
        node = node[name]
    return node
