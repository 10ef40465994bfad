"""What the counter does with an order."""
