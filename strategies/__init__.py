"""What is sent: Hypothesis strategies for valid, boundary, broken and odd input, one module a concept.

A module has two kinds of function. `things()` is a strategy. `thing_cases()` is the same ground as a fixed
tuple of named `Case`s, for a run that cannot afford to sample. Broken and odd input always comes as `Case`s,
because a refusal is only worth something together with the name of the constraint that asked for it.

Ids, e-mail addresses and passwords are stamped while a value is drawn: `strategies.namespace.use()` first.
"""

from strategies.cases import ABSENT, Absent, Case

__all__ = ["ABSENT", "Absent", "Case"]
