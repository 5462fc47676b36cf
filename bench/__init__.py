"""A benchmark of the suite against the Schemathesis command line and a bare HTTP loop, on one machine."""
