"""What the acceptance judge is made of: one module per runtime or tool that a generated node has to satisfy.

A check is a function that takes a case (and maybe one of its nodes), returns a line of detail when all is well, and
raises otherwise: `Refused` with a message that stands alone, or whatever the framework raised. Every check runs in a
process of its own (see `workers`), since all cases call their package the same.
"""
