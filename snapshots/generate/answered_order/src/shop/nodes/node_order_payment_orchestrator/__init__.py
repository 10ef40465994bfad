"""Takes an order from the till to the warehouse.

Whoever watches the events sees each step.
"""
