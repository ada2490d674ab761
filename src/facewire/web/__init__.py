"""The clinic's app: pages and interface over the record, on the user's own computer."""
