"""From findings to verdicts, accepted deviations, and the exit code."""
