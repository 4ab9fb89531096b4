"""Accreditation of partners: schemes, applications with their evidence, the committee's decisions, breaches and the public register."""
