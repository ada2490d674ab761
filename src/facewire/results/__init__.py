"""The typed documents: one description of each file, from its first computation to the page.

Nothing is computed here. A document is checked when it is made, written and read by `Document`,
and described by a JSON Schema that is generated from its types (`schema_of`).
"""
