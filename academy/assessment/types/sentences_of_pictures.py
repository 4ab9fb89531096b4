"""What can be wrong with a question on a picture."""

from academy.base.i18n import _l

PICTURES = {
    "no_picture": _l("Choose a picture: PNG, JPEG, WebP or GIF."),
    "alt_needed": _l("Describe what the picture shows, in both languages: some learners hear it instead of seeing it."),
    "bad_shape_name": _l("Choose one of the offered shapes."),
    "bad_numbers": _l("Write numbers from 0 to 100, with spaces between them."),
    "bad_rectangle": _l("A rectangle takes four numbers: left, top, width and height. It must lie inside the picture."),
    "bad_circle": _l("A circle takes three numbers: across, down and the radius."),
    "bad_polygon": _l("An outline takes two numbers for each corner, for 3 to %(most)s corners that do not lie on one line."),
    "no_right_region": _l("Mark at least one area as right."),
    "too_many_right": _l("At most %(most)s areas can be right."),
    "few_distractors": _l(
        "Add areas that are not right, at least as many as right ones: learners who choose from the list would know the answer otherwise."
    ),
    "bad_most_marks": _l("Enter a number from %(least)s to %(most)s: each right area needs a mark."),
    "bad_named": _l("The list of names is offered or not."),
    "bad_point": _l("Write a place as two numbers from 0 to 100: across from the left, then down from the top."),
    "no_label": _l("Write the label that belongs on this spot."),
    "label_twice": _l("Another spot has the same label. Each label belongs on one spot only."),
}  # fmt: skip
