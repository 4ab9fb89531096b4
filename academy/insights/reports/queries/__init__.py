"""The reads of reports: datasets, the translation of filters, running, and finding what is kept."""
