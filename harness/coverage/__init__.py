"""How much of the OpenAPI document a run exercises, measured from the exchanges as they are recorded."""
