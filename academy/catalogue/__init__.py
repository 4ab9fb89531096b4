"""The catalogue owns courses: drafts, immutable published versions, units, activities, files; and the glossary."""
