"""The difference between a published OpenAPI document and the contract of this suite: `python -m spec.drift`."""
