"""How answers are counted, in the words that a learner reads before answering."""

from academy.base.i18n import _l

TERMS = {
    "terms_unscored": _l("This question is not scored: there is no right or wrong answer."),
    "terms_multiple_all_or_nothing": _l(
        "Points are given only when every right choice is ticked and no wrong one."
    ),
    "terms_multiple_partial": _l(
        "Each right choice earns its part of the points; each wrong one takes as much away, down to zero."
    ),
    "terms_multiple_each": _l(
        "Each choice is judged by itself: ticked when it is right, left empty when it is wrong. Each one judged rightly earns its part of the points."
    ),
    "terms_multiple_capped": _l(
        "Each right choice earns its part of the points and wrong ones cost nothing, but tick no more than %(most)s: each one beyond takes a part away."
    ),
    "terms_ordering_all_or_nothing": _l("Points are given only when the whole order is right."),
    "terms_ordering_partial": _l("Each item at its right place earns its part of the points."),
    "terms_pairs_partial": _l("Each line matched rightly earns its part of the points."),
    "terms_pairs_all_or_nothing": _l("Points are given only when every line is matched rightly."),
    "terms_categories_partial": _l("Each item in its right category earns its part of the points."),
    "terms_categories_all_or_nothing": _l("Points are given only when every item is in its right category."),
    "terms_gaps_partial": _l("Each gap filled rightly earns its part of the points."),
    "terms_gaps_all_or_nothing": _l("Points are given only when every gap is filled rightly."),
    "terms_hotspot_partial": _l(
        "Each right place marked earns its part of the points; each wrong mark takes as much away, down to zero."
    ),
    "terms_hotspot_all_or_nothing": _l("Points are given only when every right place is marked and no wrong one."),
    "terms_spots_partial": _l("Each label on its right spot earns its part of the points."),
    "terms_spots_all_or_nothing": _l("Points are given only when every label is on its right spot."),
    "terms_strict_spelling": _l("Spelling counts: a word with a wrong letter is wrong."),
    "terms_partly": _l("Some answers that are not quite right earn half of the points."),
    "terms_unit_required": _l("Write the number with its unit; without the right unit it earns nothing."),
    "terms_unit_penalty": _l(
        "Write the number with its unit; a missing or wrong unit takes %(cost)s percent of the points away."
    ),
    "terms_units": _l("You may write the unit after the number. Accepted units: %(units)s."),
}  # fmt: skip
