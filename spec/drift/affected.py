"""The clauses that rest on a fact of the document."""

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from spec.clauses import clauses
from spec.contract import METHODS, OPERATIONS, document
from spec.drift.differences import Difference
from spec.facts import Place, operation_key

ASPECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "minimum": ("min",),
    "exclusiveMinimum": ("min",),
    "maximum": ("honoured",),
    "exclusiveMaximum": ("honoured",),
    "minLength": ("min-length", "empty", "invalid"),
    "maxLength": ("max-length", "length-accepted", "invalid"),
    "pattern": ("pattern", "pattern-reading", "characters", "characters-accepted", "invalid"),
    "enum": ("enum", "supported", "unsupported", "listed", "unlisted"),
    "default": ("default", "unset", "on-creation"),
    "format": ("format", "type"),
    "required": ("optional", "absent", "present", "omitted"),
}
"""The last part of the ids of clauses about a keyword; any other keyword concerns every clause of its subject."""

OTHER_SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "customerNumber": ("customerNumber", "id", "unknown"),
    "contactEmail": ("contactEmail", "email"),
    "email": ("email", "accounts"),
    "pageNumber": ("pageNumber", "page"),
    "pageSize": ("pageSize", "page"),
    "addresses": ("addresses", "expand.addresses"),
    "defaultAddress": ("defaultAddress", "addresses"),
    "accounts": ("accounts", "expand.accounts"),
    "mixins": ("mixins", "expand.mixin", "expand.on-request"),
}
"""The subjects of clauses about a parameter or property, where its name is not the only one."""

INNER_SUBJECTS: Final[Mapping[str, str]] = {"legalEntities": "legalEntities", "version": "lock"}
"""The subjects of clauses about a property of a property."""

SHOWN_AFTER_WRITES: Final = ("round-trip", "generated", "default", "on-creation", "custom", "unassigned")

STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "200": ("{op}.status.*",),
    "201": ("{op}.status.*", "{op}.create.status", "{op}.answer.*", "{op}.create.answer-id"),
    "202": ("{op}.status.*",),
    "204": ("{op}.status.*", "{op}.update.status", "{op}.update.no-body"),
    "400": ("{op}.body.malformed", "{op}.*.type", "{op}.*.min", "tenant.invalid.*", "{op}.tenant.*"),
    "401": ("{op}.auth.token-*",),
    "403": ("{op}.auth.scope",),
    "404": ("{op}.unknown.*", "{op}.twice.*", "{op}.id.case-sensitive"),
    "405": ("http.method.*",),
    "409": ("{op}.email.*", "{op}.id.unique", "{op}.duplicate.*", "{op}.deleted-id.*", "{op}.lock.*"),
    "412": ("{op}.lock.*",),
    "415": ("http.media-type.*",),
    "428": ("{op}.lock.*",),
}


def affected(difference: Difference) -> tuple[str, ...]:
    """The ids of the clauses that rest on the place of the difference, in the order of the catalogue."""
    patterns = _patterns(difference.place, operation_names().get(difference.place.operation, ""))
    return tuple(each for each in clauses() if any(fnmatchcase(each, pattern) for pattern in patterns))


def _patterns(place: Place, operation: str) -> list[str]:
    """Patterns of clause ids, as of fnmatch."""
    if operation and operation not in OPERATIONS:
        return ["addresses.*"]
    match place.part.split(" "):
        case ["token", "flow", *_]:
            return ["token.request.*", "token.grant-type.*"]
        case ["scope" | "scopes", *_]:
            own = ["token.own-scopes.*"] if place.part.endswith("_own") or place.keyword else []
            return [f"{operation}.auth.scope", "token.scope.*", *own]
        case ["security", *_]:
            return [f"{operation}.auth.token-*"]
        case [_, "parameter", name]:
            general = ["tenant.invalid.*"] if name == "tenant" else []
            return [*_subjects(operation, [name], place.keyword), *general]
        case ["request", *media_type]:
            return _request(operation, place, media_type)
        case ["response", status, "header", name]:
            subject = f"{operation}.{name.lower().removeprefix('x-')}"
            return [subject, f"{subject}.*"]
        case ["response", status, *media_type]:
            return _response(operation, status, place, media_type)
        case _:
            return [f"{operation}.*"] if operation else []


def _request(operation: str, place: Place, media_type: Sequence[str]) -> list[str]:
    merge_patch = [f"{operation}.merge-patch*"] if "merge-patch" in place.part else []
    if steps := _steps(place.path):
        whole = {"": ("unknown-properties",), "required": ("properties.optional", "body.optional")}
        general = [f"{operation}.{each}" for each in whole.get(place.keyword, ())]
        return [*_subjects(operation, steps, place.keyword), *general, *merge_patch]
    if place.keyword == "additionalProperties":
        return [f"{operation}.unknown-properties", *merge_patch]
    about = [f"{operation}.body.{each}" for each in ("optional", "absent")]
    return merge_patch or (["http.media-type.*", f"{operation}.body.*"] if media_type else about)


def _response(operation: str, status: str, place: Place, media_type: Sequence[str]) -> list[str]:
    steps = _steps(place.path)
    if not media_type:
        known = [each.format(op=operation) for each in STATUSES.get(status, ())]
        return [*known, f"errors.{status}.*"]
    if not status.startswith("2"):
        inner = {"status": ["errors.status.*"], "": ["errors.body.json"]}.get(steps[0] if steps else "", [])
        return [f"errors.{status}.shape", *(f"errors.{status}.{step}" for step in steps), *inner]
    if not steps:
        return [f"{operation}.schema.*", f"{operation}.answer.*", "http.content-type.json"]
    if status == "201":
        return [f"{operation}.answer.*", f"{operation}.create.*-id", f"{operation}.id.generated*"]
    shown = [f"*.{each}.{aspect}" for each in _names(steps) for aspect in SHOWN_AFTER_WRITES]
    narrow = [each for each in shown if _is_about(each, place.keyword)]
    return [f"{operation}.schema.*", *_subjects(operation, steps, place.keyword), *narrow]


def _subjects(operation: str, steps: Sequence[str], keyword: str) -> list[str]:
    """The clauses about a parameter or property; those about the keyword alone, where there are any."""
    subjects = [f"{operation}.{each}" for each in _names(steps)]
    found = [
        each
        for each in clauses()
        for subject in subjects
        if each == subject or each.startswith(f"{subject}.")
    ]
    return [each for each in found if _is_about(each, keyword)] or found


def _names(steps: Sequence[str]) -> list[str]:
    """What clauses call the properties on a path."""
    inner = [INNER_SUBJECTS[step] for step in steps[1:] if step in INNER_SUBJECTS]
    return [*OTHER_SUBJECTS.get(steps[0], (steps[0],)), *inner]


def _is_about(clause_id: str, keyword: str) -> bool:
    aspects = ASPECTS.get(keyword)  # none for the fact that a place exists
    return aspects is None or clause_id.rpartition(".")[2] in aspects


def _steps(path: str) -> list[str]:
    """The names of the properties on a path: `$[].b2b.id` has b2b and id."""
    return [re.sub(r"\[\]$|\(.*\)$", "", step) for step in path.split(".")[1:]]


@cache
def operation_names() -> dict[str, str]:
    """The operation ids of the contract by their keys, those of the catalogue first."""
    paths = document()["paths"].items()
    names = {
        operation_key(method, path): item[method]["operationId"]
        for path, item in paths
        for method in METHODS
        if method in item
    }
    return dict(sorted(names.items(), key=lambda each: (*OPERATIONS, each[1]).index(each[1])))
