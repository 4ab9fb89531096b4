"""Makers of believable rows for tests; each takes only what the test cares about."""
