"""Items of IMS QTI 2.1, 2.2 and 3.0 run by their own rules. Pure and bounded: text and plain values in, plain values out.

Sections cited as "IM" are those of the IMS QTI 2.2 Assessment Test, Section and Item Information Model; QTI 3.0 keeps them
under other names of elements.
"""

from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.documents import brought_to_2
from academy.assessment.qti.items import Drawn, Item, item_of
from academy.assessment.qti.values import NULL, Value
from academy.base.strict_xml import UnsoundXml, inner_text, parse

__all__ = [
    "NULL",
    "Drawn",
    "Item",
    "NotUnderstood",
    "UnsoundXml",
    "Value",
    "brought_to_2",
    "inner_text",
    "item_of",
    "parse",
]
