"""Which tests run, in what order, how often and in which process."""
