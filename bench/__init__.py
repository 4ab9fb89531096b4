"""`make bench`: what a page costs, measured on the production server with a thousand learners beside a bare floor."""
