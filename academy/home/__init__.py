"""Home composes the pages that people land on: the public front page and each role's start page."""
