"""Worker processes: forks of the process of a run, which has collected the tests and knows the tenant already."""
