"""The WSGI entry point: `gunicorn wsgi:app`, `flask --app wsgi academy …`."""

import gc

from academy.app import create_app

app = create_app()

# What was read until now stays for good: the collector need not look at it again, nor write into pages that the processes share.
gc.collect()
gc.freeze()
