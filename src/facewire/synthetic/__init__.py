"""Rendered patients of known truth: stands aside, used by the commands simulate and demo alone."""
