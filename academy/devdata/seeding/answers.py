"""Right and wrong answers to any question of the starter content, in the form in which answers are stored."""

import random
from typing import Any


def right(type: str, content: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that earns everything."""
    if type in ("single", "multiple"):
        chosen = [option["id"] for option in content["options"] if option.get("correct")]
        return {"choice": chosen[0]} if type == "single" else {"choices": chosen}
    if type == "true_false":
        return {"choice": str(bool(content["answer"])).lower()}
    if type == "numeric":
        return {"text": str(content["answer"])}
    if type == "short_text":
        return {"text": content["accept"]["ar"][0]}
    if type == "ordering":
        return {"places": {item: place for place, item in enumerate(content["answer"], 1)}}
    return {"pairs": dict(content["answer"])}


def wrong(type: str, content: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return an answer that somebody who has not understood might give."""
    if type in ("single", "multiple"):
        others = [option["id"] for option in content["options"] if not option.get("correct")]
        chosen = others[int(rng.random() * len(others))]
        return {"choice": chosen} if type == "single" else {"choices": [chosen]}
    if type == "true_false":
        return {"choice": str(not content["answer"]).lower()}
    if type == "numeric":
        return {"text": str(float(content["answer"]) * 2 + 7)}
    if type == "short_text":
        return {"text": "لا أعرف"}
    if type == "ordering":
        return {"places": {item: place for place, item in enumerate(reversed(content["answer"]), 1)}}
    sides = sorted(set(content["answer"].values()))
    turned = {side: sides[(place + 1) % len(sides)] for place, side in enumerate(sides)}
    return {"pairs": {left: turned[side] for left, side in content["answer"].items()}}
