"""Flattens an OpenAPI document (3.0 or 3.1) into facts: what it states of each operation, without its prose.

Two documents that state the same have the same facts, however they are written: references are followed, `allOf` is
merged, parameters of a path belong to each of its operations, and `nullable` is a type.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, TypeAlias

from spec.contract import METHODS
from spec.errors import SpecificationError
from spec.references import target_of

Json: TypeAlias = Any
Schemas: TypeAlias = list[Mapping[str, Json]]
"""Schema Objects that hold together, as in `allOf`, none of which is a reference or has an `allOf`."""

_PROSE: Final = {"description", "summary", "title", "example", "examples", "externalDocs", "xml", "$comment"}
_STRUCTURE: Final = {
    *("$ref", "allOf", "anyOf", "oneOf", "properties", "items", "additionalProperties", "required"),
    *("type", "nullable", "enum", "const", "discriminator"),
}
_NEUTRAL: Final[Mapping[str, Json]] = {
    **dict.fromkeys(("deprecated", "readOnly", "writeOnly", "uniqueItems"), False),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), 0),
}
"""Keywords with a value that states nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a document states a fact.

    operation: the key of an operation, such as `GET /customers/{}`, empty for the document as a whole; part: such as
    `query parameter pageSize`, `request application/json`, `response 200 header Count` or `scope NAME`; path: a JSON
    path in the schema of the part, such as `$.b2b.legalEntities[].id`, empty outside of a schema; keyword: such as
    `maxLength`, empty for the fact that the place exists.
    """

    operation: str
    part: str = ""
    path: str = ""
    keyword: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.part, self.path, self.keyword))) or "operation"


Facts: TypeAlias = dict[Place, Json]


def operation_key(method: str, path: str) -> str:
    """The key of an operation; the names of path parameters are no part of it."""
    return f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}"


def facts(document: Mapping[str, Json], *, place: str) -> Facts:
    """What the document states, by place; the value of a place that merely exists is True.

    place: the file or address, for messages. SpecificationError names a part that is malformed, and a reference
    that leads nowhere or out of the document.
    """
    try:
        return dict(_Reader(document, place).document())
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError) as error:
        if isinstance(error, SpecificationError):
            raise
        raise SpecificationError(f"{place}: is not a well-formed OpenAPI document ({error}).") from error


class _Reader:
    def __init__(self, document: Mapping[str, Json], place: str) -> None:
        version = str(document.get("openapi", ""))
        if not version.startswith(("3.0", "3.1")) or not isinstance(document.get("paths"), Mapping):
            raise SpecificationError(f"{place}: is not an OpenAPI document of version 3.0 or 3.1 with paths.")
        self._document = document
        self._place = place
        self._siblings = version.startswith("3.1")  # OpenAPI 3.0 ignores what stands beside a $ref

    def document(self) -> Iterator[tuple[Place, Json]]:
        whole = self._document
        yield Place("", "server", keyword="url"), sorted(each["url"] for each in whole.get("servers", []))
        for scheme in whole.get("components", {}).get("securitySchemes", {}).values():
            for name, flow in self._target(scheme).get("flows", {}).items():
                yield Place("", f"token flow {name}"), True
                yield Place("", f"token flow {name}", keyword="tokenUrl"), flow.get("tokenUrl")
        for path, item in whole["paths"].items():
            shared = self._target(item)
            for method in METHODS:
                if method in shared:
                    yield from self._operation(operation_key(method, path), shared, shared[method])

    def _operation(self, key: str, item: Json, entry: Json) -> Iterator[tuple[Place, Json]]:
        yield Place(key), True
        yield from self._flags(Place(key), entry)
        yield from self._security(key, entry.get("security", self._document.get("security", [])))
        listed = [self._target(each) for each in [*item.get("parameters", []), *entry.get("parameters", [])]]
        for parameter in {(each["in"], each["name"]): each for each in listed}.values():
            part = f"{parameter['in']} parameter {parameter['name']}"
            yield from self._part(Place(key, part), parameter)
        if "requestBody" in entry:
            body = self._target(entry["requestBody"])
            yield Place(key, "request"), True
            yield from self._flags(Place(key, "request"), body)
            yield from self._content(key, "request", body)
        for status, response in entry["responses"].items():
            answer, part = self._target(response), f"response {status}"
            yield Place(key, part), True
            yield from self._content(key, part, answer)
            for name, header in answer.get("headers", {}).items():
                yield from self._part(Place(key, f"{part} header {name.title()}"), self._target(header))

    def _security(self, key: str, choices: Json) -> Iterator[tuple[Place, Json]]:
        schemes = self._document.get("components", {}).get("securitySchemes", {})
        scopes = sorted({scope for choice in choices for names in choice.values() for scope in names})
        yield from ((Place(key, f"scope {scope}"), True) for scope in scopes)
        if len(scopes) > 1:
            alone = {names[0] for choice in choices for names in choice.values() if len(names) == 1}
            yield Place(key, "scopes", keyword="needed"), "any" if alone.issuperset(scopes) else "all"
        types = {self._target(schemes[name])["type"] for choice in choices for name in choice}
        yield Place(key, "security", keyword="type"), sorted(types)
        if not all(choices):
            yield Place(key, "security", keyword="optional"), True

    def _part(self, at: Place, entry: Json) -> Iterator[tuple[Place, Json]]:
        """A parameter or a header."""
        yield at, True
        yield from self._flags(at, entry)
        defaults = {"query": "form", "cookie": "form"}.get(entry.get("in"), "simple")
        if entry.get("style", defaults) != defaults:
            yield Place(at.operation, at.part, keyword="style"), entry["style"]
        if entry.get("explode", defaults == "form") is not (defaults == "form"):
            yield Place(at.operation, at.part, keyword="explode"), entry["explode"]
        content: Json = next(iter(entry.get("content", {}).values()), {})
        yield from self._schema(at, "$", [entry.get("schema", content.get("schema", {}))])

    def _content(self, key: str, part: str, entry: Json) -> Iterator[tuple[Place, Json]]:
        for media_type, content in entry.get("content", {}).items():
            at = Place(key, f"{part} {media_type.lower()}")
            yield at, True
            yield from self._schema(at, "$", [content.get("schema", {})])

    @staticmethod
    def _flags(at: Place, entry: Json) -> Iterator[tuple[Place, Json]]:
        for keyword in ("required", "deprecated", "allowEmptyValue", "allowReserved"):
            if entry.get(keyword):
                yield Place(at.operation, at.part, keyword=keyword), True

    def _schema(
        self, at: Place, path: str, nodes: Iterable[Json], within: Sequence[Mapping[str, Json]] = ()
    ) -> Iterator[tuple[Place, Json]]:
        """The schema that the nodes state together; `within` are the schemas around it."""
        schemas = self._schemas(*nodes)
        if any(schema is outer for schema in schemas for outer in within if "properties" in outer):
            yield Place(at.operation, at.part, path, "recursive"), True
            return
        inner = [*within, *schemas]
        for keyword, value in _keywords(schemas).items():
            yield Place(at.operation, at.part, path, keyword), value
        required = sorted({name for schema in schemas for name in schema.get("required", [])})
        for name in dict.fromkeys([*chain(*(schema.get("properties", {}) for schema in schemas)), *required]):
            child = f"{path}.{name}"
            yield Place(at.operation, at.part, child), True
            if name in required:
                yield Place(at.operation, at.part, child, "required"), True
            found = [schema["properties"][name] for schema in schemas if name in schema.get("properties", {})]
            yield from self._schema(at, child, found, inner)
        for keyword, suffix in (("items", "[]"), ("additionalProperties", ".*")):
            found = [schema[keyword] for schema in schemas if isinstance(schema.get(keyword), Mapping)]
            if any(found):
                yield from self._schema(at, path + suffix, found, inner)
        for keyword in ("oneOf", "anyOf", "not", "if", "then", "else"):
            choices = [choice for schema in schemas for choice in _listed(schema.get(keyword))]
            for index, choice in enumerate(choices):
                yield Place(at.operation, at.part, f"{path}({keyword} {index + 1})"), True
                yield from self._schema(at, f"{path}({keyword} {index + 1})", [choice], inner)

    def _schemas(self, *nodes: Json, refs: tuple[str, ...] = ()) -> Schemas:
        """The nodes as schemas that hold together."""
        found: Schemas = []
        for node in nodes:
            if isinstance(node, bool):
                found.append({} if node else {"not": {}})
                continue
            if "$ref" in node and node["$ref"] not in refs:
                target = target_of(node["$ref"], self._document, place=self._place)
                found += self._schemas(target, refs=(*refs, node["$ref"]))
            found += self._schemas(*node.get("allOf", []), refs=refs)
            if "$ref" not in node or self._siblings:
                found += self._optional(node, refs)
        return found

    def _optional(self, node: Json, refs: tuple[str, ...]) -> Schemas:
        """A schema, with a choice between one schema and null read as that schema, nullable."""
        for keyword in ("anyOf", "oneOf"):
            choices = node.get(keyword, [])
            others = [choice for choice in choices if choice != {"type": "null"}]
            if len(others) == 1 and len(choices) == 2:
                rest = {name: value for name, value in node.items() if name != keyword}
                return [rest, *self._schemas(*others, refs=refs), {"nullable": True}]
        return [node]

    def _target(self, node: Json) -> Json:
        return target_of(node["$ref"], self._document, place=self._place) if "$ref" in node else node


def _keywords(schemas: Schemas) -> dict[str, Json]:
    """The keywords of a schema that bound its values; of several schemas, the last one that has the keyword."""
    merged: dict[str, Json] = {}
    for schema in schemas:
        merged |= schema
    found = {
        name: value
        for name, value in merged.items()
        if name not in _PROSE | _STRUCTURE
        and not name.startswith("x-")
        and _NEUTRAL.get(name, None) != value
        and not isinstance(value, Mapping)
    }
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        stated = found.pop(exclusive, None)
        if stated is True:  # OpenAPI 3.0
            found[exclusive] = found.pop(bound, None)
        elif stated is not None and stated is not False:
            found[exclusive] = stated
    types = _types(schemas, merged)
    if types:
        found["type"] = types
    if "const" in merged or "enum" in merged:
        found["enum"] = sorted(merged.get("enum", [merged.get("const")]), key=repr)
    if merged.get("additionalProperties") is False:
        found["additionalProperties"] = False
    return found


def _types(schemas: Schemas, merged: Mapping[str, Json]) -> list[str]:
    """The JSON types in alphabetical order; a schema with properties or items and no type is an object or an array."""
    stated = merged.get("type") or (
        "object" if "properties" in merged else "array" if "items" in merged else []
    )
    types = {stated} if isinstance(stated, str) else set(stated)
    nullable = [schema["nullable"] for schema in schemas if "nullable" in schema]
    return sorted(types | {"null"} if types and nullable and nullable[-1] else types)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]
