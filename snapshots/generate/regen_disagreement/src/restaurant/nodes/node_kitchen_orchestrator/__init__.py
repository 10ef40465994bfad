"""What the kitchen does with an order."""
