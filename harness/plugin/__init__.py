"""The pytest plugin: options, the run, the order of the tests, evidence and progress."""
