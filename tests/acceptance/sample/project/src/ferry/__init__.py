"""A ferry line, as small as a sample can be."""
