"""Certificates as portable badges: their documents, pictures, list of revocations, and the reading of files that claim to be one."""
