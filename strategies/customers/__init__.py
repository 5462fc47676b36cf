"""Customer bodies: valid ones, those that break one constraint, and those no schema has thought of."""

from strategies.customers.bodies import classes_of, create_bodies, patch_bodies, plain, upsert_bodies
from strategies.customers.combined import dense_cases
from strategies.customers.constraints import Constraint, breaking, breaking_cases, broken_values, constraints
from strategies.customers.edge_case_bodies import NAMES as TELLING
from strategies.customers.edge_case_bodies import telling
from strategies.customers.malformed import (
    NULL_BODY,
    malformed_json,
    malformed_json_cases,
    not_object_cases,
    not_objects,
    odd_bodies,
    odd_body_cases,
    odd_text_cases,
)
from strategies.customers.properties import Body, BodyOperation, emails, mixed_case_email, names
from strategies.customers.undocumented import (
    creation_flag_cases,
    generated_properties,
    generated_property_cases,
    null_cases,
    nulls,
    unknown_properties,
    unknown_property_cases,
)

__all__ = [
    "NULL_BODY",
    "TELLING",
    "Body",
    "BodyOperation",
    "Constraint",
    "breaking",
    "breaking_cases",
    "broken_values",
    "classes_of",
    "constraints",
    "create_bodies",
    "creation_flag_cases",
    "dense_cases",
    "emails",
    "generated_properties",
    "generated_property_cases",
    "malformed_json",
    "malformed_json_cases",
    "mixed_case_email",
    "names",
    "not_object_cases",
    "not_objects",
    "null_cases",
    "nulls",
    "odd_bodies",
    "odd_body_cases",
    "odd_text_cases",
    "patch_bodies",
    "plain",
    "telling",
    "unknown_properties",
    "unknown_property_cases",
    "upsert_bodies",
]
