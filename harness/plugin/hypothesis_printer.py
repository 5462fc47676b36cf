"""Failing values in full: Schemathesis makes Hypothesis print none, in every test of the process."""

from hypothesis import core
from hypothesis.vendor import pretty
from schemathesis.generation.hypothesis import setup


def restore_printer() -> None:
    """Let Hypothesis print the values of a failing example again.

    Schemathesis replaces the printer once, on its first use; by setting it up here, this comes after.
    """
    setup()
    core.RepresentationPrinter = pretty.RepresentationPrinter  # type: ignore[attr-defined]
