"""Items of QTI 3 under the names of QTI 2."""

import re
from xml.etree.ElementTree import Element

_KEBAB = re.compile("-([a-z0-9])")


def brought_to_2(root: Element) -> Element:
    """Return the item with the names of QTI 2, which those of QTI 3 follow word for word."""
    if not root.tag.startswith("qti-"):
        return root
    for element in root.iter():
        if element.tag.startswith("qti-"):
            element.tag = _camel(element.tag[4:])
        for name in [name for name in element.attrib if "-" in name and not name.startswith(("data-", "aria-"))]:
            element.attrib[_camel(name)] = element.attrib.pop(name)
    return root


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda found: found.group(1).upper(), name)
