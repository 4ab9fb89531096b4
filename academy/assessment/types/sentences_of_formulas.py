"""What can be wrong with a question whose numbers are drawn."""

from academy.base.i18n import _l

FORMULAS = {
    "no_variables": _l("Add at least one value to be drawn."),
    "bad_variable": _l(
        "A name begins with a letter and holds letters, digits and _ only, 20 at most; min, max, round, abs, sqrt and answer are taken."
    ),
    "variable_twice": _l("Two values have the same name."),
    "bad_number_of_range": _l("Enter a number with at most 10 decimals."),
    "bad_step": _l("The step must be above zero."),
    "bad_range": _l("The highest value must not be below the lowest."),
    "too_many_steps": _l("There are more than %(most)s possible values: choose a larger step."),
    "bad_decimals": _l("Enter a number of decimals from 0 to %(most)s."),
    "unknown_variable": _l("None of the values to be drawn has this name: %(names)s. Add such a value or correct the name."),
    "formula_missing": _l("Write the formula of the right answer."),
    "formula_long": _l("The formula is longer than %(most)s characters."),
    "formula_deep": _l("The formula has too many brackets inside brackets."),
    "formula_unread": _l("The formula cannot be read from here on: %(near)s"),
    "formula_ends": _l("The formula ends too early: a number or a name is missing."),
    "formula_bracket": _l("A bracket of the formula is not closed."),
    "formula_arguments": _l("%(near)s has too few or too many numbers in its brackets."),
    "formula_zero_with": _l("With these values the formula divides by zero: %(values)s"),
    "formula_root_with": _l("With these values the formula takes the root of a number below zero: %(values)s"),
    "formula_power_with": _l("With these values a power is not a whole number from −64 to 64: %(values)s"),
    "formula_large_with": _l("With these values a number becomes too large: %(values)s"),
    "formula_decimals_with": _l("With these values something is rounded to fewer than 0 or more than 10 decimals: %(values)s"),
}  # fmt: skip
