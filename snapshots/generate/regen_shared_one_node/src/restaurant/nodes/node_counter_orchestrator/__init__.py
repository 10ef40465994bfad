"""What the waiters do with an order."""
