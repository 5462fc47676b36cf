"""Customer bodies: valid ones, those that break one constraint, and adversarial ones."""

from strategies.customers.bodies import plain, valid_bodies
from strategies.customers.constraints import (
    Constraint,
    constraints,
    generated_property_cases,
    invalid_body_cases,
    null_cases,
)
from strategies.customers.edge_case_bodies import EDGE_CASES, RESERVED_NAMES, edge_case_body
from strategies.customers.malformed import (
    adversarial_body_cases,
    adversarial_text_cases,
    json_extension_cases,
    malformed_json_cases,
    not_object_cases,
)
from strategies.customers.properties import Body, BodyOperation

__all__ = [
    "EDGE_CASES",
    "RESERVED_NAMES",
    "Body",
    "BodyOperation",
    "Constraint",
    "adversarial_body_cases",
    "adversarial_text_cases",
    "constraints",
    "edge_case_body",
    "generated_property_cases",
    "invalid_body_cases",
    "json_extension_cases",
    "malformed_json_cases",
    "not_object_cases",
    "null_cases",
    "plain",
    "valid_bodies",
]
