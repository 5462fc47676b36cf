"""What a run creates: preflight, the ledger, clean-up and discovery of what earlier runs left."""
