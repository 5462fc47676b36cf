"""The registry of defects and variations, and the behaviour that is composed of them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from inspect import signature
from typing import Any, TypeVar

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import OPERATIONS
from mock_tenant.messages import ApiRequest

B = TypeVar("B", bound=type[Behaviour])
Entry = TypeVar("Entry", "Defect", "Variation")


class RegistryError(ValueError):
    """A name is unknown or already registered; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One seeded defect: its name, the clause it violates, a description, and the behaviour that has it.

    `also_violates` holds further clauses that the same defect violates; `*` in them matches any text. The defect
    is observable only with the configuration values `tenant_config` and together with `requires_variations`. A
    `probabilistic` defect is observable by chance, or only after many requests. With `operations`, only these have it.
    """

    name: str
    clause: str
    description: str
    behaviour: type[Behaviour]
    tenant_config: Mapping[str, Any] = field(default_factory=dict)
    also_violates: tuple[str, ...] = ()
    requires_variations: tuple[str, ...] = ()
    probabilistic: bool = False
    operations: tuple[str, ...] = ()

    def violates(self, clause: str) -> bool:
        """Whether the defect violates this clause."""
        return clause == self.clause or any(fnmatchcase(clause, pattern) for pattern in self.also_violates)


@dataclass(frozen=True, slots=True)
class Variation:
    """One conforming variation: its name, a description, the behaviour, and the configuration that it needs.

    `readings` has, for unspecified clauses, what a run observes of a tenant with the variation; `*` in an id matches
    any text. `delays` is the consistency window within which the variation shows changes late; empty for none.
    """

    name: str
    description: str
    behaviour: type[Behaviour]
    tenant_config: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    delays: str = ""
    operations: tuple[str, ...] = ()

    def reading(self, clause: str) -> str | None:
        """What a run observes for this clause; None if the variation does not affect it."""
        return next((value for name, value in self.readings.items() if fnmatchcase(clause, name)), None)


DEFECTS: dict[str, Defect] = {}
VARIATIONS: dict[str, Variation] = {}


def register_defect(
    clause: str,
    behaviour: type[Behaviour],
    *,
    name: str = "",
    description: str = "",
    tenant_config: Mapping[str, Any] | None = None,
    also_violates: Iterable[str] = (),
    requires_variations: Iterable[str] = (),
    probabilistic: bool = False,
    operations: Iterable[str] = (),
) -> None:
    """Registers a defect; name and description default to the class name in kebab case and its docstring."""
    name = name or kebab_case(behaviour.__name__)
    if name in DEFECTS:
        raise RegistryError(f"There are two defects named {name}; rename one of them.")
    DEFECTS[name] = Defect(
        name=name,
        clause=clause,
        description=description or summary(behaviour),
        behaviour=behaviour,
        tenant_config=tenant_config or {},
        also_violates=tuple(also_violates),
        requires_variations=tuple(requires_variations),
        probabilistic=probabilistic,
        operations=tuple(operations),
    )


def operation_defects(
    operations: Iterable[str],
    clause: str,
    *,
    name: str = "",
    description: str = "",
    also_violates: Collection[str] = (),
    requires_variations: Collection[str] = (),
    **tenant_config: Any,
) -> Callable[[B], B]:
    """A class decorator that registers one defect for each operation, which no other operation has.

    `{}` stands for the operation in the clause, in the name (default: `{}-` and the class name in kebab case), in
    `also_violates`, and in the description (default: the docstring). The other keywords are the configuration that
    the defects need.
    """

    def register(behaviour: B) -> B:
        known_as = name or "{}-" + kebab_case(behaviour.__name__)
        for operation in operations:
            text = (description or summary(behaviour)).format(operation)
            register_defect(
                clause.format(operation),
                behaviour,
                name=known_as.format(operation),
                description=text[:1].upper() + text[1:],
                tenant_config=tenant_config,
                also_violates=[each.format(operation) for each in also_violates],
                requires_variations=requires_variations,
                operations=[operation],
            )
        return behaviour

    return register


def defect(
    clause: str,
    *,
    name: str = "",
    description: str = "",
    also_violates: Iterable[str] = (),
    requires_variations: Iterable[str] = (),
    probabilistic: bool = False,
    **tenant_config: Any,
) -> Callable[[B], B]:
    """A class decorator that registers a defect; the other keywords are the configuration that it needs."""

    def register(behaviour: B) -> B:
        register_defect(
            clause,
            behaviour,
            name=name,
            description=description,
            tenant_config=tenant_config,
            also_violates=also_violates,
            requires_variations=requires_variations,
            probabilistic=probabilistic,
        )
        return behaviour

    return register


def variation(
    *, name: str = "", readings: Mapping[str, str] | None = None, delays: str = "", **tenant_config: Any
) -> Callable[[B], B]:
    """A class decorator that registers a variation; the other keywords are the configuration that it needs."""

    def register(behaviour: B) -> B:
        known_as = name or kebab_case(behaviour.__name__)
        if known_as in VARIATIONS:
            raise RegistryError(f"There are two variations named {known_as}; rename one of them.")
        VARIATIONS[known_as] = Variation(
            known_as, summary(behaviour), behaviour, tenant_config, readings or {}, delays
        )
        return behaviour

    return register


def kebab_case(name: str) -> str:
    """A class name as words joined by hyphens: CreateAnswers200 becomes create-answers-200."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", name)
    return "-".join(words).lower()


def summary(behaviour: type[Behaviour]) -> str:
    """The first line of the class docstring."""
    return (behaviour.__doc__ or "").strip().partition("\n")[0]


def compose(defects: Iterable[str], variations: Iterable[str]) -> tuple[type[Behaviour], dict[str, Any]]:
    """The behaviour with these defects on top of these variations, and the configuration values that they need.

    `name:operation,operation` limits a variation to operations. RegistryError for an unknown name or operation.
    """
    defect_names = tuple(dict.fromkeys(defects))
    required = [
        needed for name in defect_names if name in DEFECTS for needed in DEFECTS[name].requires_variations
    ]
    variation_names = tuple(dict.fromkeys([*variations, *required]))
    entries: list[Defect | Variation] = [
        *(_registered("defect", name, DEFECTS) for name in defect_names),
        *(_limited_variation(name) for name in variation_names),
    ]
    tenant_config: dict[str, Any] = {}
    limits: dict[type[Behaviour], set[str]] = {}
    for entry in entries:
        tenant_config.update(entry.tenant_config)
        limits.setdefault(entry.behaviour, set()).update(entry.operations or OPERATIONS)
    bases = (*(limited_to(behaviour, operations) for behaviour, operations in limits.items()), Behaviour)
    return type("ComposedBehaviour", bases, {}), tenant_config


def _limited_variation(text: str) -> Variation:
    name, _, operations = text.partition(":")
    found = _registered("variation", name, VARIATIONS)
    return replace(found, operations=tuple(operations.split(","))) if operations else found


def limited_to(behaviour: type[Behaviour], operations: Collection[str]) -> type[Behaviour]:
    """A behaviour whose hooks take effect only for these operations; RegistryError if that is impossible."""
    for operation in operations:
        if operation not in OPERATIONS:
            raise RegistryError(f"There is no operation {operation!a}; use {', '.join(OPERATIONS)}.")
    if len(operations) == len(OPERATIONS):
        return behaviour
    hooks = {
        name: hook for name, hook in vars(behaviour).items() if hasattr(Behaviour, name) and callable(hook)
    }
    if any(list(signature(hook).parameters)[1:2] != ["request"] for hook in hooks.values()):
        raise RegistryError(
            f"The variation {kebab_case(behaviour.__name__)} cannot be limited to operations; use its name alone."
        )

    def limited(name: str) -> Callable[..., Any]:
        def hook(self: Behaviour, request: ApiRequest, *arguments: Any) -> Any:
            if request.operation in operations:
                return hooks[name](self, request, *arguments)
            return getattr(super(behaviour, self), name)(request, *arguments)

        return hook

    return type(behaviour.__name__, (behaviour,), {name: limited(name) for name in hooks})


def _registered(kind: str, name: str, registry: Mapping[str, Entry]) -> Entry:
    if name not in registry:
        raise RegistryError(f"There is no {kind} named {name}; --list shows their names.")
    return registry[name]
