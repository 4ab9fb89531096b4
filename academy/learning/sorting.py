"""Reading a sorting exercise out of an activity's content: its items, its categories and where each item belongs."""

from collections.abc import Mapping
from typing import Any

from academy.learning.rules import Checked, check_items


def solution_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return each item's id and the id of the category it belongs to."""
    return {str(item["id"]): str(item["answer"]) for item in content.get("items", ())}


def categories_of(content: Mapping[str, Any]) -> set[str]:
    """Return the ids of the categories."""
    return {str(category["id"]) for category in content.get("categories", ())}


def check(content: Mapping[str, Any], answers: Mapping[str, str]) -> Checked:
    """Check where items were placed."""
    return check_items(solution_of(content), categories_of(content), answers)


def kept(content: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, str]:
    """Return only the answers that name an item and a category of the exercise."""
    categories = categories_of(content)
    return {item: answers[item] for item in solution_of(content) if answers.get(item) in categories}
