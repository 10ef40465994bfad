"""A node that waits for its first route."""
