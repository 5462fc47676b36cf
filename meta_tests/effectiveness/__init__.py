"""The effectiveness of the suite: seeded defects must be detected, and conforming variations must not fail a clause."""
