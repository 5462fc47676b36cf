"""Requests that Schemathesis generates from the OpenAPI document, sent through our client."""
