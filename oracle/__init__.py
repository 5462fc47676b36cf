"""What must come back: the reference model of a tenant, as pure functions. No I/O, no HTTP."""

from oracle.answering import GENERATED_ID, Answer, answers
from oracle.blame import Since, duplicated, elsewhere, foreign, looked, refused, viewed, written
from oracle.bodies import doubts, refusal
from oracle.differences import Difference, difference, differences, learned
from oracle.histories import Event, linearizable, smallest_bad, timeline
from oracle.judging import judge
from oracle.lists import counts, listing_difference, pages_partition, same_customers, views_agree
from oracle.operations import Create, Delete, Get, Operation, Patch, Upsert
from oracle.queries import QueryError, select, undecided
from oracle.records import Record, created, patched, upserted
from oracle.rules import Rules
from oracle.schemas import customer_difference, error_advice, error_shape, schema_difference
from oracle.sorting import is_sorted
from oracle.texts import show
from oracle.values import ABSENT, ANYTHING, Alternatives, Anything, same
from oracle.worlds import World

__all__ = [
    "ABSENT",
    "ANYTHING",
    "GENERATED_ID",
    "Alternatives",
    "Answer",
    "Anything",
    "Create",
    "Delete",
    "Difference",
    "Event",
    "Get",
    "Operation",
    "Patch",
    "QueryError",
    "Record",
    "Rules",
    "Since",
    "Upsert",
    "World",
    "answers",
    "counts",
    "created",
    "customer_difference",
    "difference",
    "differences",
    "doubts",
    "duplicated",
    "elsewhere",
    "error_advice",
    "error_shape",
    "foreign",
    "is_sorted",
    "judge",
    "learned",
    "linearizable",
    "listing_difference",
    "looked",
    "pages_partition",
    "patched",
    "refusal",
    "refused",
    "same",
    "same_customers",
    "schema_difference",
    "select",
    "show",
    "smallest_bad",
    "timeline",
    "undecided",
    "upserted",
    "viewed",
    "views_agree",
    "written",
]
