"""What differs between two versions, as a rule."""

from academy.base.text import LocalizedText
from academy.catalogue.rules.changes import Part, compare, runs
from academy.catalogue.rules.prerequisites import closes_circle
from academy.catalogue.rules.texts import NamedText, opened, untranslated


def part(key, place="u1", sort="activity", **given):
    return Part(sort, key, LocalizedText("عنوان", key), place, **given)


def told(before, after):
    return [(change.key, change.how) for change in compare(before, after)]


def test_what_is_alike_is_not_told():
    assert told([part("a"), part("b")], [part("a"), part("b")]) == []


def test_added_and_removed_are_told_by_key():
    assert told([part("a"), part("b")], [part("a"), part("c")]) == [("c", ("added",)), ("b", ("removed",))]


def test_only_what_left_its_place_has_moved():
    before = [part(key) for key in "abcd"]
    assert told(before, [part(key) for key in "bcda"]) == [("a", ("moved",))]
    assert told(before, [part("a"), part("b"), part("c", "u2"), part("d")]) == [("c", ("moved",))]
    assert told(before, [part(key) for key in "xabcd"]) == [("x", ("added",))]


def test_texts_are_compared_in_each_language_and_facts_beside_them():
    old = part("a", texts=(NamedText("Text", LocalizedText("نص قديم", "same")),), facts=(("Minutes", 5),))
    new = part("a", texts=(NamedText("Text", LocalizedText("نص جديد", "same")),), facts=(("Minutes", 6),))
    (change,) = compare([old], [new])
    assert change.how == ("changed",) and change.facts == (("Minutes", 5, 6),)
    (text,) = change.texts
    assert text.language == "ar" and [run.words for run in text.after if run.differs] == ["جديد"]


def test_runs_rebuild_both_texts():
    left, right = runs("one two three", "one 2 three four")
    assert " ".join(run.words for run in left) == "one two three"
    assert " ".join(run.words for run in right) == "one 2 three four"
    assert runs("", "new")[0] == () or runs("", "new")[0][0].words == ""
    long = "w " * 5_000
    assert len(runs(long, long + "x")[0]) == 1


def test_circles_are_found_however_long():
    graph = {2: [3], 3: [4], 4: [1], 5: [5]}
    assert closes_circle(1, [2], graph) and closes_circle(1, [1], {})
    assert not closes_circle(1, [5], graph) and not closes_circle(9, [2], graph)


def test_stored_texts_are_opened_wherever_they_stand():
    assert opened({"body": {"ar": "أ", "en": ""}, "items": [{"text": {"ar": "ب"}, "answer": "x"}]}) == {
        "body": LocalizedText("أ"),
        "items": [{"text": LocalizedText("ب"), "answer": "x"}],
    }


def test_a_text_in_no_language_lacks_none():
    texts = [
        NamedText("A", LocalizedText()),
        NamedText("B", LocalizedText("أ")),
        NamedText("C", LocalizedText("", "c")),
    ]
    assert [(lack.label, lack.language) for lack in untranslated(texts)] == [("B", "en"), ("C", "ar")]
