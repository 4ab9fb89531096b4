"""XML from strangers: no document types, no entities, nothing fetched, nothing nested without end."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

DEEPEST = 100
MOST_ELEMENTS = 200_000


class UnsoundXml(Exception):
    """XML that is not opened; `code`: "bad_xml", "xml_declares", "xml_deep" or "too_big"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Builder:
    """Builds a tree with bare names (no namespaces) out of expat's events."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.depth = self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise UnsoundXml("xml_deep")
        if self.count > MOST_ELEMENTS:
            raise UnsoundXml("too_big")
        self.tree.start(_bare(name), {_bare(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Close an element."""
        self.depth -= 1
        self.tree.end(_bare(name))

    def refuse(self, *_: object) -> None:
        """A document type or an entity: bombs and thieves use them, files of questions do not need them."""
        raise UnsoundXml("xml_declares")


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def parse(data: bytes | str) -> Element:
    """Return the root of a document; UnsoundXml when it is broken or declares a document type."""
    builder, parser = _Builder(), expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = builder.refuse
    parser.ExternalEntityRefHandler = builder.refuse  # type: ignore[assignment]
    try:
        parser.Parse(data, True)
        return builder.tree.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise UnsoundXml("bad_xml") from error


def inner_text(element: Element | None) -> str:
    """Return all text inside an element."""
    return "".join(element.itertext()) if element is not None else ""
