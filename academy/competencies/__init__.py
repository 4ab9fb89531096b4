"""Competencies owns frameworks, role profiles, the evidence about people, and what that evidence proves."""
