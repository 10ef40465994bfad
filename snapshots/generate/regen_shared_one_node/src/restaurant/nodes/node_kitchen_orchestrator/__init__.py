"""What the cooks do with an order."""
