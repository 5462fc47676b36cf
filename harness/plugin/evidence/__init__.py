"""What the checks of each test become: evidence, findings and pytest outcomes."""
