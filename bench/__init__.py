"""Side-by-side measurement: the suite, the Schemathesis command line, and the floor, on one machine in one go."""
