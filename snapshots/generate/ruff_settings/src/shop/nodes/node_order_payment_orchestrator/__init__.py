"""Takes an order from the till to the warehouse.

An order is validated, paid for and handed to fulfilment; whoever
watches the events sees each of these steps.
"""
