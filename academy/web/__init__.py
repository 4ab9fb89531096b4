"""The web foundation: who visits, what they may open, forms, errors, assets, layouts. Knows no domain."""
