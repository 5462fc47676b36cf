"""What list and search must return."""
