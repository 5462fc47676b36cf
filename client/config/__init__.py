"""The settings of a run: environment variables and tenant.toml."""
