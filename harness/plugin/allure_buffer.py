"""What Allure writes of a test, held back until it is known whether it is worth a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import allure_commons
from allure_commons.logger import AllureFileLogger


class Held:
    """Stands in for what writes Allure's files; holds what it is given until it is kept or dropped."""

    def __init__(self, writers: list[AllureFileLogger]) -> None:
        self._writers = writers
        self._pending: list[Callable[[Any], object]] = []

    def keep(self) -> None:
        """Write what was held: the result of a test that was asked again and failed."""
        for write in self._pending:
            for writer in self._writers:
                write(writer)
        self._pending.clear()

    def drop(self) -> None:
        """Forget what was held: the result of the first time stands."""
        self._pending.clear()

    @allure_commons.hookimpl
    def report_result(self, result: Any) -> None:
        self._pending.append(lambda writer: writer.report_result(result))

    @allure_commons.hookimpl
    def report_container(self, container: Any) -> None:
        """Arrangements are told of once, in the first round."""

    @allure_commons.hookimpl
    def report_attached_data(self, body: Any, file_name: str) -> None:
        self._pending.append(lambda writer: writer.report_attached_data(body=body, file_name=file_name))


@contextmanager
def holding() -> Iterator[Held]:
    """Hold back what Allure would write meanwhile; where Allure writes nothing, there is nothing to hold."""
    manager = allure_commons.plugin_manager
    writers = [plugin for plugin in manager.get_plugins() if isinstance(plugin, AllureFileLogger)]
    names = {writer: manager.get_name(writer) for writer in writers}
    held = Held(writers)
    for writer in writers:
        manager.unregister(writer)
    manager.register(held)
    try:
        yield held
    finally:
        manager.unregister(held)
        for writer in writers:
            manager.register(writer, names[writer])
