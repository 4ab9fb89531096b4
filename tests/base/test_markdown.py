"""Markdown from authors: safe, directed both ways, with an outline that fits the page."""

from importlib.util import module_from_spec, spec_from_file_location

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from academy.base import markdown


def page(source, **options):
    return BeautifulSoup(markdown.render(source, **options), "html.parser")


TABLE = "| أ | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n"


class TestSafety:
    @pytest.mark.parametrize(
        "source",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<b style='x'>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](vbscript:x)",
            "[x](data:text/html,<script>)",
            "![x](data:image/svg+xml;base64,AAAA)",
            "<javascript:alert(1)>",
            "[x](ftp://host/x)",
            "[x]: javascript:alert(1)\n\n[x]",
            '[x](/a "onclick=alert(1)")',
            "```html\n<script>\n```",
            '| <script> |\n|---|\n| "><svg onload=1> |',
        ],
    )
    def test_nothing_runs(self, source):
        shown = page(source)
        assert not shown.select("script, svg, iframe, style, b, img")
        for tag in shown.find_all(True):
            assert not any(name.startswith("on") or name == "style" for name in tag.attrs)
            assert not str(tag.get("href", "/")).lower().startswith(("javascript", "vbscript", "data", "ftp"))

    def test_raw_html_is_shown_as_text(self):
        assert page("O'Brien <b>x</b> {{7*7}}").get_text().strip() == "O'Brien <b>x</b> {{7*7}}"

    def test_only_external_links_are_marked(self):
        shown = page("[a](https://e.org) [b](/courses/1) [c](mailto:a@b.sa) [d](//e.org) [e](#part) [f](http://e.org)")
        rel = {link.get_text(): " ".join(link.get("rel", [])) for link in shown.select("a")}
        marked = "noopener noreferrer"
        assert rel == {"a": marked, "b": "", "c": "", "d": marked, "e": "", "f": marked}

    def test_only_our_own_files_are_shown_as_images(self):
        shown = page("![خريطة](/files/a.png) ![b](http://e.org/b.png) ![c](/courses/1) ![d](//e.org/files/d.png)")
        assert [(image["src"], image["alt"], image["loading"]) for image in shown.select("img")] == [
            ("/files/a.png", "خريطة", "lazy")
        ]
        assert shown.get_text().split() == ["b", "c", "d"]

    @pytest.mark.parametrize("path", ["/files/../admin", "/files/%2e%2e/admin", "/files/%252e%252e/x", "/files/..%5cx"])
    def test_an_image_does_not_climb_out_of_the_files(self, path):
        assert not page(f"![x]({path})").select("img")

    def test_direction_controls_and_stray_characters_vanish(self):
        assert markdown.render("\u202ea\x00b\ud800") == '<p dir="auto">ab</p>\n'

    @given(st.text(alphabet=st.characters(categories=None)) | st.text(alphabet="#*_`[]()!<>|-\n &;:\"'/ aس1."))
    def test_any_text_gives_clean_html(self, source):
        shown = page(source)
        assert not shown.select("script, style, iframe, object")
        assert markdown.render(source) == markdown.render(source)


class TestHeadings:
    def test_the_first_level_becomes_the_second(self):
        assert [tag.name for tag in page("# أ\n\n## ب\n\n# ج").select("h1, h2, h3, h4")] == ["h2", "h3", "h2"]

    def test_the_offset_can_be_chosen(self):
        assert page("# x", heading_offset=2).h3
        assert page("# x", heading_offset=0).h1

    def test_skipped_levels_are_closed_up(self):
        assert [tag.name for tag in page("### a\n\n###### b\n\n## c").find_all(True)] == ["h2", "h3", "h3"]

    def test_headings_end_at_six(self):
        source = "\n\n".join("#" * level + " x" for level in range(1, 7))
        assert [tag.name for tag in page(source).find_all(True)] == ["h2", "h3", "h4", "h5", "h6", "h6"]


class TestDirections:
    def test_blocks_with_text_find_their_own_direction(self):
        shown = page("# عنوان\n\nنص\n\n- بند\n\n" + TABLE)
        assert {tag["dir"] for tag in shown.select("h2, p, li, th, td")} == {"auto"}

    def test_containers_go_the_way_of_their_first_letter(self):
        """A list with dir=auto would not see the text in its items, and put Arabic markers on the left."""
        shown = page("1. أول\n\n   ثان\n\n2. two\n\n> Quote\n\n- 12 - عدد\n\n- ١")
        assert [shown.ol["dir"], shown.ol.li["dir"], shown.blockquote["dir"], shown.ul["dir"]] == [
            "rtl",
            "rtl",
            "ltr",
            "rtl",
        ]

    def test_a_container_without_letters_follows_the_page(self):
        assert not page("> 12").blockquote.has_attr("dir")
        assert not page(TABLE.replace("أ", "1").replace("b", "2").replace("c", "3")).table.has_attr("dir")

    def test_code_and_bare_addresses_run_left_to_right(self):
        shown = page("`a=1` <https://e.org>\n\n```py\nx\n```\n\n    y")
        assert {tag["dir"] for tag in shown.select("p > code, p > a, pre")} == {"ltr"}
        assert len(shown.select("pre")) == 2
        assert not shown.select("pre [class], pre:not([dir])")


class TestTables:
    def test_a_table_scrolls_in_a_frame_that_keys_can_reach(self):
        frame = page(TABLE, table_label='جدول "أ"').select_one("div.table-scroll")
        assert (frame["tabindex"], frame["role"], frame["aria-label"]) == ("0", "group", 'جدول "أ"')
        assert frame.table["dir"] == "rtl"

    def test_without_a_label_there_is_none(self):
        assert not page(TABLE).select_one("div.table-scroll").has_attr("aria-label")

    def test_labels_of_several_tables_differ(self):
        frames = page(TABLE + "\nx\n\n" + TABLE, table_label="Table").select("div.table-scroll")
        assert [frame["aria-label"] for frame in frames] == ["Table", "Table 2"]

    def test_alignment_is_a_class_not_a_style(self):
        cells = page(TABLE).select("td")
        assert [cell["class"] for cell in cells] == [["align-start"], ["align-center"], ["align-end"]]

    def test_head_cells_head_columns(self):
        assert {cell["scope"] for cell in page(TABLE).select("th")} == {"col"}


class TestText:
    def test_the_usual_marks_work(self):
        shown = page("**a** *b* ~~c~~ `d`\ne\n\n---\n\n3. f")
        assert [tag.name for tag in shown.p.find_all(True)] == ["strong", "em", "s", "code"]
        assert shown.hr
        assert shown.ol["start"] == "3"

    def test_nothing_gives_nothing(self):
        assert markdown.render("") == ""
        assert markdown.render("  \n ") == ""

    def test_long_texts_are_rendered_without_being_kept(self):
        assert len(page("نص\n\n" * 30_000).select("p")) == 30_000


def test_the_words_of_a_text_go_without_its_signs():
    source = "# أسبوع المستفيد\n\n**الأحد:** ورشة [هنا](https://example.test)\n\n- `A1`\n- ~~لا~~ <b>نعم</b>\n\n| أ | ب |\n|---|---|\n| 1 | 2 |"
    assert markdown.words_of(source) == "أسبوع المستفيد الأحد: ورشة هنا A1 لا <b>نعم</b> أ ب 1 2"
    assert markdown.words_of("") == ""


def test_the_parser_has_sorted_its_rules_before_threads_share_it():
    """It does so at its first text; a thread that came in between would find some rules missing, and the page would be kept."""
    spec = spec_from_file_location("a_fresh_copy", markdown.__file__)
    fresh = module_from_spec(spec)
    spec.loader.exec_module(fresh)
    parser = fresh._parser
    for ruler in (parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2):
        assert ruler.__cache__ and ruler.__cache__[""]
