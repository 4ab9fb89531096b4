"""The invented people, titles, units and partners of the demo."""

import re
from itertools import islice

import pytest

from academy.devdata.names import AGENCY, PARTNERS, job_titles, people
from academy.devdata.reading import CONTENT, read_competencies

ARABIC_NAME = re.compile(r"[\u0621-\u064A]+ [\u0621-\u064A]+ [\u0621-\u064A]+")
LATIN_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+ (Al-)?[A-Z][a-z]+")
ROLES = [role.id for role in read_competencies(CONTENT / "competencies.yaml").roles]


def every_unit(organisation):
    waiting = list(organisation.units)
    while waiting:
        unit = waiting.pop()
        yield unit
        waiting += unit.parts


class TestPeople:
    def test_the_same_seed_invents_the_same_people(self):
        assert list(people(7, 300)) == list(people(7, 300))

    def test_another_seed_invents_other_people(self):
        assert [person.ar for person in people(7, 50)] != [person.ar for person in people(8, 50)]

    def test_the_first_people_stay_when_more_are_asked_for(self):
        assert list(people(3, 40)) == list(islice(people(3, 5_000), 40))

    def test_the_people_of_a_seed_never_change(self):
        """Screenshots and guides name them; a new name in the lists is a decision, not an accident."""
        first, second = people(2024, 2)
        assert (first.en, second.en) == ("Asma Omar Hawsawi", "Yusra Hussain Al-Yami")

    @pytest.mark.parametrize("seed", [0, 1, 2024])
    def test_a_thousand_people_share_no_full_name_in_either_script(self, seed):
        everybody = list(people(seed, 1_000))
        assert len({person.ar for person in everybody}) == len({person.en for person in everybody}) == 1_000

    def test_two_hundred_thousand_people_share_no_address(self):
        addresses = {person.email_local for person in people(1, 200_000)}
        assert len(addresses) == 200_000

    def test_addresses_are_plain_lower_case_letters_a_dot_and_perhaps_a_number(self):
        assert all(re.fullmatch(r"[a-z]+\.[a-z]+\d*", person.email_local) for person in people(1, 2_000))

    def test_a_namesakes_address_is_numbered(self):
        local = [person.email_local for person in people(1, 50_000)]
        numbered = next(address for address in local if address.endswith("2"))
        assert local.index(numbered.rstrip("2")) < local.index(numbered)

    def test_names_have_three_parts_in_each_script(self):
        for person in people(5, 3_000):
            assert ARABIC_NAME.fullmatch(person.ar), person
            assert LATIN_NAME.fullmatch(person.en), person

    def test_an_arabic_part_is_always_written_with_the_same_latin_letters(self):
        latin_of = {}
        for person in people(9, 5_000):
            for ar, en in zip(person.ar.split(), person.en.split(), strict=True):
                assert latin_of.setdefault(ar, en) == en
        assert len(set(latin_of.values())) == len(latin_of), "two names look alike in Latin letters"

    def test_women_and_men_have_given_names_of_their_own_and_are_about_as_many(self):
        everybody = list(people(4, 4_000))
        women = {person.ar.split()[0] for person in everybody if person.gender == "female"}
        men = {person.ar.split()[0] for person in everybody if person.gender == "male"}
        assert women.isdisjoint(men)
        assert min(len(women), len(men)) >= 50
        assert 1_800 < sum(person.gender == "female" for person in everybody) < 2_200

    def test_a_father_has_a_mans_name_and_never_his_sons(self):
        everybody = list(people(4, 4_000))
        men = {person.ar.split()[0] for person in everybody if person.gender == "male"}
        assert {person.ar.split()[1] for person in everybody} <= men
        assert all(person.ar.split()[0] != person.ar.split()[1] for person in everybody)

    def test_the_name_is_shown_in_the_readers_language(self):
        person = next(people(1, 1))
        assert (person.name.show("ar"), person.name.show("en")) == (person.ar, person.en)

    def test_nobody_is_invented_when_nobody_is_asked_for(self):
        assert list(people(1, 0)) == []


class TestJobTitles:
    @pytest.mark.parametrize("role", ROLES)
    def test_every_role_of_the_framework_has_titles_for_women_and_men(self, role):
        hers, his = job_titles(role, "female"), job_titles(role, "male")
        assert len(hers) == len(his) >= 2
        assert all(title.complete for title in hers + his)
        assert all(her.ar != him.ar and her.en == him.en for her, him in zip(hers, his, strict=True))

    def test_an_unknown_role_is_refused(self):
        with pytest.raises(KeyError):
            job_titles("astronaut", "female")


class TestOrganisations:
    def test_the_agency_has_six_units_and_some_have_two_sub_units(self):
        assert len(AGENCY.units) == 6
        assert {len(unit.parts) for unit in AGENCY.units} == {0, 2}

    def test_there_are_two_partners_each_with_units(self):
        assert len(PARTNERS) == 2
        assert all(partner.units for partner in PARTNERS)

    def test_everything_has_a_name_in_both_languages_and_a_key_of_its_own(self):
        organisations = [AGENCY, *PARTNERS]
        things = organisations + [unit for organisation in organisations for unit in every_unit(organisation)]
        assert all(thing.name.complete for thing in things)
        assert len({thing.key for thing in things}) == len(things)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", thing.key) for thing in things)
