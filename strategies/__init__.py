"""Hypothesis strategies for request data: valid, boundary, invalid and adversarial input, one module per concept.

`things()` is a strategy. `thing_cases()` returns named `Case`s, the same names in every call, with fresh ids where a
value needs one; a run that cannot afford to sample uses these. Other functions return one value. Invalid input always
comes as cases, because a rejection is evidence only for the constraint that the input breaks.

Ids, e-mail addresses and passwords are numbered when a value is drawn: call `strategies.namespace.use()` first.
"""

from strategies.cases import Case

__all__ = ["Case"]
