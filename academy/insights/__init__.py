"""Insights owns what managers and trainers see across slices: the team, its progress and its exports."""
