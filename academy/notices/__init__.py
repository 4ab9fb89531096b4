"""Notices owns what the academy tells people: notices on their page and letters by mail, in their language."""
