"""From findings to verdicts, and from verdicts to an exit code."""
