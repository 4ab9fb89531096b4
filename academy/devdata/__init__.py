"""The starter academy: the content that ships with the product, and the demo people and history around it."""
