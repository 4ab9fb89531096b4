"""A framework as one document: its shape, edits, differences and formats. Pure: no database, no web."""
