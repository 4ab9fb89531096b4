"""Accounts owns people, organisations and their units, roles, sessions and the settings of the academy."""
