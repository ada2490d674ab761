"""The networks: each file knows one, its picture in and its numbers out."""
