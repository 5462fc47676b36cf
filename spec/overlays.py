"""Corrections of a document, as an OpenAPI Overlay applies them."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from jsonpath_ng.ext.parser import parse

from spec.errors import SpecificationError
from spec.files import one_line, read_yaml

OVERLAY_VERSION = "1.0.0"


def actions(path: Path) -> list[dict[str, Any]]:
    """The actions of an overlay file, each with a target, a reason (its description) and an update.

    SpecificationError names the action that is not of this form. OpenAPI Overlay 1.0 §4.4.
    """
    overlay = read_yaml(path)
    if not isinstance(overlay, dict) or overlay.get("overlay") != OVERLAY_VERSION:
        raise SpecificationError(
            f"{path}: must be an OpenAPI Overlay {OVERLAY_VERSION}; restore it from the release."
        )
    listed = overlay.get("actions")
    if not isinstance(listed, list) or not listed:
        raise SpecificationError(f"{path}: must list at least one action; restore it from the release.")
    for number, action in enumerate(listed, start=1):
        if not isinstance(action, dict) or set(action) != {"target", "description", "update"}:
            raise SpecificationError(
                f"{path}, action {number}: must have a target, a description and an update, and no more."
            )
        if not isinstance(action["description"], str) or not action["description"].strip():
            raise SpecificationError(f"{path}, action {number}: needs its reason as the description.")
    return listed


def applied(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy of the document with every action of the overlay file applied, in order.

    SpecificationError names an action that cannot be applied or changes nothing: a target that has moved
    away would otherwise leave the document silently uncorrected.
    """
    current: dict[str, Any] = deepcopy(dict(document))
    for number, action in enumerate(actions(path), start=1):
        place = f"{path}, action {number}"
        before = deepcopy(current)
        try:
            for match in parse(action["target"]).find(current):
                _merge(match.value, deepcopy(action["update"]))
        except Exception as error:  # its parser has errors of many kinds, none of them a common one
            raise SpecificationError(
                f"{place}: {action['target']} cannot be applied ({one_line(error)}); mend its target."
            ) from error
        if current == before:
            raise SpecificationError(f"{place}: {action['target']} changes nothing; mend or remove it.")
    return current


def _merge(target: Any, update: Any) -> None:
    """Merge an update into what it is for, in place: properties one by one, items at the end of an array.

    OpenAPI Overlay 1.0 §4.4.3. AttributeError or TypeError where target and update do not fit.
    """
    if isinstance(target, list):
        target.extend(update if isinstance(update, list) else [update])
        return
    for name, value in update.items():
        known = target.get(name)
        if isinstance(known, dict | list) and isinstance(value, type(known)):
            _merge(known, value)
        else:
            target[name] = value
