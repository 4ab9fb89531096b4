"""XML of files: opened as carefully as items are, refused with the sentences of files."""

from xml.etree.ElementTree import Element

from academy.assessment.exchange.shape import UnreadableQuestions
from academy.base.strict_xml import UnsoundXml, inner_text
from academy.base.strict_xml import parse as parse_soundly

__all__ = ["inner_text", "parse"]


def parse(data: bytes) -> Element:
    """Return the root of a document; UnreadableQuestions when it is unsound or declares a document type."""
    try:
        return parse_soundly(data)
    except UnsoundXml as error:
        raise UnreadableQuestions(error.code) from error
