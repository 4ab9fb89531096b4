"""CX Academy: a learning-management system for government customer-experience academies."""
