"""Defects and variations by name, and a behaviour composed of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from mock_tenant.behaviour import Behaviour

B = TypeVar("B", bound=type[Behaviour])


class PlantingError(ValueError):
    """A name is not known, or is taken; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One planted defect: its name, the promise it breaks, the lie it tells, and the behaviour that tells it.

    `also` are further promises that the same lie breaks, `*` standing for any aspect. `tenant_config` holds
    configuration values and `amid` the variations without which the lie cannot be seen. One that is `rare`
    shows by chance, or after many requests.
    """

    name: str
    clause: str
    lie: str
    behaviour: type[Behaviour]
    tenant_config: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    amid: tuple[str, ...] = ()
    rare: bool = False

    def breaks(self, clause: str) -> bool:
        """Whether this clause is one of those that the lie breaks."""
        return clause == self.clause or any(fnmatchcase(clause, each) for each in self.also)


@dataclass(frozen=True, slots=True)
class Variation:
    """One permitted variation: its name, what differs, the behaviour, and the configuration with it."""

    name: str
    difference: str
    behaviour: type[Behaviour]
    tenant_config: Mapping[str, Any] = field(default_factory=dict)


DEFECTS: dict[str, Defect] = {}
VARIATIONS: dict[str, Variation] = {}


def plant(
    clause: str,
    behaviour: type[Behaviour],
    *,
    name: str = "",
    lie: str = "",
    tenant_config: Mapping[str, Any] | None = None,
    also: Iterable[str] = (),
    amid: Iterable[str] = (),
    rare: bool = False,
) -> None:
    """Registers a defect; name and lie default to the class's name in kebab case and its docstring."""
    known = name or kebab(behaviour.__name__)
    if known in DEFECTS:
        raise PlantingError(f"There are two defects named {known}; rename one of them.")
    DEFECTS[known] = Defect(
        known, clause, lie or told(behaviour), behaviour, tenant_config or {}, tuple(also), tuple(amid), rare
    )


def defect(
    clause: str,
    *,
    also: Iterable[str] = (),
    amid: Iterable[str] = (),
    rare: bool = False,
    **tenant_config: Any,
) -> Callable[[B], B]:
    """Registers the class below as a defect that breaks this clause, with the configuration it needs."""

    def register(behaviour: B) -> B:
        plant(clause, behaviour, tenant_config=tenant_config, also=also, amid=amid, rare=rare)
        return behaviour

    return register


def variation(**tenant_config: Any) -> Callable[[B], B]:
    """Registers the class below as a permitted variation, with the configuration that goes with it."""

    def register(behaviour: B) -> B:
        name = kebab(behaviour.__name__)
        if name in VARIATIONS:
            raise PlantingError(f"There are two variations named {name}; rename one of them.")
        VARIATIONS[name] = Variation(name, told(behaviour), behaviour, tenant_config)
        return behaviour

    return register


def kebab(name: str) -> str:
    """A class name as words joined by hyphens: CreateAnswers200 is create-answers-200."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", name)
    return "-".join(words).lower()


def told(behaviour: type[Behaviour]) -> str:
    """The first line of the docstring."""
    return (behaviour.__doc__ or "").strip().partition("\n")[0]


def compose(defects: Iterable[str], variations: Iterable[str]) -> tuple[type[Behaviour], dict[str, Any]]:
    """The behaviour with these defects over these variations, and the configuration values that they need."""
    parts: list[type[Behaviour]] = []
    tenant_config: dict[str, Any] = {}
    defects = list(defects)
    amid = [needed for name in defects if name in DEFECTS for needed in DEFECTS[name].amid]
    for kind, names, known in (("defect", defects, DEFECTS), ("variation", [*variations, *amid], VARIATIONS)):
        for name in dict.fromkeys(names):
            if name not in known:
                raise PlantingError(f"There is no {kind} named {name}; --list shows their names.")
            planted = known[name]
            parts.append(planted.behaviour)
            tenant_config.update(planted.tenant_config)
    return type("Planted", (*parts, Behaviour), {}), tenant_config
