"""The permitted responses to an operation, and the state after each."""
