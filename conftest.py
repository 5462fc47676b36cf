"""Loads the plugin and the fixtures."""

import gc

# Imports and collection create objects that live to the end: garbage collection would take a sixth of the start.
# `harness.plugin.hooks` enables it again.
gc.disable()

pytest_plugins = ["harness.plugin.hooks", "harness.plugin.fixtures"]
