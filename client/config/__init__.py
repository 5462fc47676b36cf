"""The settings of a run: the environment and the file that describes the tenant."""
