r"""Takes the toll; a \d{4} code opens the barrier, a "guest" code does not."""
