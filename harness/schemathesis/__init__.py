"""Requests that Schemathesis generates from the OpenAPI document, sent by the client of the suite.

Schemathesis generates cases (`APIOperation.as_strategy`), validates responses (`Case.validate_response` with its
checks) and explores the links of the document (`BaseSchema.as_state_machine`, in tests/protocol/links.py). What its
public interface cannot do:

- its hooks and checks do not know clauses, so that evidence is recorded around `validate_response`;
- its authentication would send token requests past the client, which authenticates, limits and records all requests;
- its coverage cases are public to its own pytest plugin only: see `internals`.
"""
