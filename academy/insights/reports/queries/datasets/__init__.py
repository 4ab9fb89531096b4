"""The documented datasets that reports are built on."""

from academy.insights.reports.queries.datasets.columns import Column, Dataset
from academy.insights.reports.queries.datasets.learning import ASSIGNMENTS, ENROLMENTS, PEOPLE
from academy.insights.reports.queries.datasets.proof import ATTEMPTS, COMPETENCIES, CREDENTIALS, ITEMS

DATASETS: dict[str, Dataset] = {
    each.key: each for each in (PEOPLE, ENROLMENTS, ATTEMPTS, ITEMS, COMPETENCIES, CREDENTIALS, ASSIGNMENTS)
}

__all__ = ["DATASETS", "Column", "Dataset"]
