"""What is asked of somebody with several role profiles and levels of their own."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from academy.base.text import LocalizedText


def asked(
    profiles: Iterable[Mapping[str, int]], own: Mapping[str, int], retired: Collection[str] = ()
) -> dict[str, int]:
    """Return the level asked for each competency: a person's own, else the highest of the profiles; never a retired one."""
    targets: dict[str, int] = {}
    for profile in profiles:
        for key, level in profile.items():
            targets[key] = max(targets.get(key, 0), int(level))
    targets |= {key: int(level) for key, level in own.items()}
    return {key: level for key, level in targets.items() if level > 0 and key not in retired}


def joined(names: Sequence[LocalizedText]) -> LocalizedText:
    """Return the names of profiles as one text."""
    return LocalizedText("، ".join(name.show("ar") for name in names), ", ".join(name.show("en") for name in names))


def digest_of(profiles: Collection[int], own: Mapping[str, int]) -> str:
    """Return what stands for a set of profiles with levels of one's own."""
    basis = json.dumps([sorted(set(profiles)), dict(own)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(basis.encode()).hexdigest()
