"""The sentences of the question types: what is wrong with a question or a response, what to note on an answer."""

from academy.assessment.types.sentences_of_formulas import FORMULAS
from academy.assessment.types.sentences_of_pictures import PICTURES
from academy.assessment.types.sentences_of_terms import TERMS
from academy.base.i18n import _l

PROBLEMS = {
    "not_a_question": _l("This is not a question."),
    "missing_text": _l("Write the text in at least one language."),
    "bad_text": _l("This is not a text."),
    "text_too_long": _l("The text is longer than %(limit)s characters."),
    "not_a_list": _l("This must be a list."),
    "too_few": _l("At least %(least)s are needed here; empty rows do not count."),
    "too_many": _l("At most %(most)s are possible here."),
    "bad_entry": _l("This entry cannot be read."),
    "bad_id": _l("The id may hold Latin letters, digits, dots, dashes and underscores only, 40 at most."),
    "repeated_id": _l("Two entries have the same id."),
    "repeated_text": _l("Another row has the same text: change one of them."),
    "bad_correct": _l("An option is either right or not."),
    "one_right_option": _l("Exactly one option must be right."),
    "no_right_option": _l("At least one option must be right."),
    "bad_scoring": _l("Choose one of the offered ways of scoring."),
    "bad_shuffle": _l("Options are either shuffled or not."),
    "bad_true_false": _l("The answer must be true or false."),
    "bad_number": _l("The answer must be a number."),
    "bad_tolerance": _l("The tolerance must be a number, zero or more."),
    "bad_tolerance_kind": _l("Choose one of the offered kinds of tolerance."),
    "bad_figures": _l("Enter a number of significant figures from 1 to %(most)s."),
    "bad_unit_rule": _l("Choose one of the offered rules for the unit."),
    "bad_unit_cost": _l("Enter how many percent a wrong unit costs, above 0 and up to 100."),
    "bad_factor": _l("Enter how many of the question's unit one of these is, above zero."),
    "unit_needed": _l("Write the unit of the right answer."),
    "bad_order": _l("The right order must name every item once."),
    "bad_pairs": _l("Every left side needs a right side from the list."),
    "bad_category": _l("Choose the category that this item belongs to."),
    "bad_accepted": _l("List the accepted answers by language: Arabic, English."),
    "no_accepted": _l("Give at least one accepted answer."),
    "no_gaps": _l("Mark at least one gap in the text, like [[1]]."),
    "bad_gap": _l("A gap is called by its number, from 1 to 99."),
    "bad_gap_kind": _l("A gap is typed, chosen from a list or filled from the bank of words."),
    "gap_twice_ar": _l("In the Arabic text a gap stands twice: %(numbers)s"),
    "gap_twice_en": _l("In the English text a gap stands twice: %(numbers)s"),
    "gap_missing_ar": _l(
        "The Arabic text lacks gaps that the question has: %(numbers)s. Both languages need the same gaps."
    ),
    "gap_missing_en": _l(
        "The English text lacks gaps that the question has: %(numbers)s. Both languages need the same gaps."
    ),
    "gap_unknown_ar": _l("The Arabic text has gaps without a row below: %(numbers)s"),
    "gap_unknown_en": _l("The English text has gaps without a row below: %(numbers)s"),
    "no_word": _l("Write the word that belongs into this gap."),
    "word_twice": _l(
        "Another gap needs the same word. Allow words to be used several times, or change one of the gaps."
    ),
    "bad_reuse": _l("Words may be used several times or not."),
    "bad_needed": _l("Every statement is wanted or not."),
    "bad_typos": _l("Either no slip of spelling is forgiven or one."),
    "blank_accepted": _l("An accepted answer has neither letters nor digits."),
    "bad_item": _l("This QTI item cannot be run here."),
    "bad_most": _l("The most points of the item must be a number above zero."),
    "rubric_points": _l("The criteria must be worth from 1 to %(most)s points together."),
    "bad_points": _l("The points must be a whole number, 100 at most."),
    "bad_words": _l("The number of words must be from 1 to %(most)s."),
    "words_crossed": _l("The most words must not be fewer than the least."),
    "bad_kinds": _l("Choose at least one kind of file."),
    "bad_file_count": _l("The number of files must be from 1 to %(most)s."),
    "bad_megabytes": _l("The size must be from 1 to %(most)s megabytes."),
    **PICTURES,
    **FORMULAS,
}

BAD_RESPONSES = {
    "bad_shape": _l("This answer cannot be read."),
    "unknown_choice": _l("This answer names a choice that the question does not have."),
    "bad_place": _l("This answer names a place that the question does not have."),
    "too_long": _l("The answer is longer than %(limit)s characters."),
    "unreadable_text": _l("The answer holds characters that cannot be stored."),
    "too_many_chosen": _l("At most %(most)s can be chosen here."),
    "bad_point": _l("Write a place as two numbers from 0 to 100: across from the left, then down from the top."),
}

NOTES = {
    "unanswered": _l("Not answered."),
    "incomplete": _l("Not everything is answered yet."),
    "repeated_place": _l("Two items have the same place."),
    "not_a_number": _l("This is not read as a number."),
    "too_many_chosen": _l("More is ticked than the %(most)s that count."),
    "percent_note": _l("Counted as right; the answer needs no percent sign."),
    "spelling_note": _l("Counted as right; note the spelling: %(accepted)s"),
    "gap_spelling_note": _l("Gap %(number)s counts as right; note the spelling: %(accepted)s"),
    "repeated_word": _l("A word stands in two gaps, but each can be used once."),
    "repeated_label": _l("A label stands on two spots, but each can be used once."),
    "unit_missing": _l("The unit is missing."),
    "unit_wrong": _l("The number is right, its unit is not."),
    "spelling_note_half": _l("Counted as partly right; note the spelling: %(accepted)s"),
    "few_words": _l("Words written: %(words)s. At least %(least)s are asked for."),
    "many_words": _l("Words written: %(words)s. At most %(most)s are asked for."),
    **TERMS,
}
