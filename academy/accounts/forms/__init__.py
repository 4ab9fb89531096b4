"""The forms of accounts, a file an audience."""
