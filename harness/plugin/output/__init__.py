"""The plan before the run, the progress during it, and the reports after it."""
