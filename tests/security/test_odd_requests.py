"""Requests that no page of ours would send: every rule answers them with a clear refusal, never with a fault.

ASVS 2.2.1, 4.1.1, 15.3.5, 15.3.7, 16.5.1: out of range, of a wrong type, repeated, missing, enormous, not JSON.
"""

import io
import json

import pytest
from werkzeug.routing import IntegerConverter

from tests.security.addresses import addresses, all_rules
from tests.security.conftest import undone
from tests.turns import turn

pytestmark = pytest.mark.doors

BIG = 10**30
PARTS = {
    "int": [2**31, BIG, 0],
    "string": [
        "a%00b",
        "%ED%A0%80",
        "%2e%2e%2fetc",
        "'\"><b>{{7*7}}",
        "x" * 3000,
        "%0d%0aSet-Cookie:x=y",
    ],
}
ROLES = ["manager", "trainer", "root"]
OTHERS = ["manager", "trainer", "colleague"]
# Whoever has fewer rights meets the same code behind fewer doors, and is asked for less.
ODD_WORDS = [f"'{BIG}", str(BIG), "a%00", "%ED%A0%80", "-1", "٣", "9" * 5000, "%25_%5C", "NaN"]
NUMBERS = [
    "",
    "-0",
    "-1",
    "1e308",
    "NaN",
    "Infinity",
    "9" * 400,
    "٩٩",
    "null",
    "None",
    "1;2",
    "\x00",
    "0x10",
    " 5 ",
    "5.5",
    "é",
    "2147483648",
]
JUNK = [
    b"", b"null", b"[]", b"{}", b'"x"', b"0", b"true", b"{", b'{"a":', b"\xff\xfe", b"NaN", b"[" * 20_000, b'{"attempt": "1"}',
    b'{"attempt": 1e400, "items": [{"position": 1e400, "response": 1}]}',
]  # fmt: skip


def as_role(scene, role):
    return scene.root if role == "root" else getattr(scene["a"], role)


def filled(stage, rule, value_of) -> str | None:
    """An address with the same odd value in each of its parts; None when it has none of that kind."""
    path, odd = rule.rule, False
    for name, converter in rule._converters.items():
        kind = "int" if isinstance(converter, IntegerConverter) else "string"
        value = value_of(kind)
        odd = odd or value is not None
        for spelled in (f"<int:{name}>", f"<{name}>"):
            path = path.replace(spelled, str(value if value is not None else 1))
    return path if odd else None


@pytest.mark.parametrize("role", [None, "root"])
def test_odd_parts_of_an_address_are_pages_that_do_not_exist(role, scene, stage, entered, frameless):
    browser = entered(as_role(scene, role) if role else None)
    for kind, values in PARTS.items():
        for place, rule in enumerate(all_rules(stage, "GET")):
            for value in values if role else turn(values, place, 3):  # most doors turn a stranger away unread
                path = filled(stage, rule, lambda wanted, kind=kind, value=value: value if wanted == kind else None)
                if path is not None:
                    response = browser.client.get(path)
                    assert response.status_code < 500, path
                    assert "\n" not in response.headers.get("Location", "")


@pytest.mark.parametrize("role", ROLES)
def test_odd_questions_behind_the_question_mark_are_answered(role, scene, stage, entered, frameless):
    """Quotes, NUL, enormous numbers and repeated names in every filter; a list is never changed by a quote (ASVS 1.2.4)."""
    browser = entered(as_role(scene, role))
    names = [
        "q",
        "page",
        "state",
        "role",
        "organisation",
        "unit",
        "scope",
        "quiz",
        "level",
        "competency",
        "hours",
        "mine",
        "day",
        "act",
        "number",
        "people",
        "course",
        "next",
        "kind",
        "from",
        "fate",
    ]
    for place, rule in enumerate(all_rules(stage, "GET")):
        if rule.arguments - {"key"}:
            continue
        path = rule.rule.replace("<key>", scene["a"].course.key)
        first, others = ODD_WORDS[:2], ODD_WORDS[2:]
        for value in [*first, *turn(others, place, 4)] if role == "root" else turn(first, place, 2):
            question = "&".join(f"{name}={value}&{name}=2" for name in names)
            response = browser.client.get(f"{path}?{question}")
            assert response.status_code < 500, (path, value[:20])


def test_searches_take_quotes_and_wildcards_as_letters(scene, stage, entered):
    browser = entered(scene.root)
    for path in ("/admin/people", "/courses", "/teach", "/admin/certificates", "/admin/audit"):
        for typed in ("' OR '1'='1", "%", "_", "\\", '") --', "*"):
            page = browser.get(f"{path}?q={typed}")
            assert "QX7ALPHA" not in page.words or typed in ("%", "_", "\\", "*", '") --')
    assert "QX7ALPHA" not in browser.get("/admin/people?q=' OR '1'='1").words


def posts(scene, stage) -> list[str]:
    """Every address that takes a form, filled with ids of house A."""
    house, found = scene["a"], addresses(stage, scene, "POST", most=1)
    attempts = [f"/attempts/{house.open.id}{verb}" for verb in ("", "/save", "/submit")]
    return [address.path for address in found if address.owner in ("", "a")] + attempts


@pytest.mark.parametrize("role", ["root", *OTHERS])
def test_forms_without_fields_with_files_for_texts_and_with_everything_twice(role, scene, stage, entered, frameless):
    """Missing fields, wrong content types, repeated and unknown names: 4xx or the page again, never a fault."""
    browser = entered(as_role(scene, role))
    every = posts(scene, stage)
    # Whoever has fewer rights is turned away at most doors, each of them at a third of these.
    for place, path in enumerate(every if role == "root" else turn(every, OTHERS.index(role), len(OTHERS))):
        token = {"X-CSRFToken": browser.csrf_token()}
        twice = {
            name: ["x", "y"]
            for name in (
                "name-ar",
                "title-ar",
                "email",
                "role",
                "scope",
                "q",
                "act",
                "go",
                "order",
                "key",
                "person",
            )
        }
        bodies = (
            ({}, None),
            (twice, None),
            (
                {name: (io.BytesIO(b"x"), "x.txt") for name in ("name-ar", "title-ar", "email", "password", "reason")},
                None,
            ),
            (b"\xff" * 100, "application/x-www-form-urlencoded"),
            (b"--x", "multipart/form-data"),
            (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
            (b"<a/>", "application/xml"),
        )
        empty, *others = bodies
        for data, kind in [empty, *(turn(others, place, 3) if role == "root" else turn(others[:1], place, 2))]:
            with undone(stage):
                response = browser.client.post(path, data=data, content_type=kind, headers=token)
                assert response.status_code < 500, (path, data)


@pytest.mark.parametrize("role", ["colleague", "trainer"])
def test_json_junk_is_refused(role, scene, stage, entered):
    browser, house = entered(as_role(scene, role)), scene["a"]
    token = {"X-CSRFToken": browser.csrf_token(), "Accept": "application/json"}
    paths = {"colleague": [f"/attempts/{house.open.id}/save"], "trainer": [f"/teach/{house.course.key}/images"]}[role]
    with undone(stage):
        for path in paths:
            for body in JUNK:
                response = browser.client.post(path, data=body, content_type="application/json", headers=token)
                assert 400 <= response.status_code < 500, (path, body[:40])


def test_odd_answers_in_an_attempt_are_refused_one_by_one(scene, stage, entered):
    """Every response shape that no paper asks for, for each question; and numbers out of range around it."""
    browser, attempt = entered(scene["a"].colleague), scene["a"].open
    odd = [
        None, 1, -0.0, 1e308, True, [], {}, "x", {"choice": None}, {"choice": ["p1"]}, {"choice": "p9"}, {"choices": "p1"},
        {"choices": [["p1"]]}, {"choices": ["p1"] * 5000}, {"text": 5}, {"text": None}, {"text": "x" * 100_000}, {"text": "\x00"},
        {"text": "\ud800"}, {"places": {"p1": 1e308}}, {"places": {"p1": "1"}}, {"places": []}, {"pairs": {"p1": {}}}, {"text": ["a"]},
    ]  # fmt: skip
    with undone(stage):
        headers = {"X-CSRFToken": browser.csrf_token(), "Accept": "application/json"}
        for count, response in enumerate(odd, start=1):
            for position in (1, 2):
                message = {
                    "attempt": attempt.id, "client_key": f"odd-key-{count}-{position}", "client_sequence": 1,
                    "items": [{"position": position, "response": response, "known": 0}],
                }  # fmt: skip
                body = json.dumps(message).encode()
                answer = browser.client.post(
                    f"/attempts/{attempt.id}/save", data=body, content_type="application/json", headers=headers
                )
                assert answer.status_code < 500, response
        for name, values in {
            "client_sequence": [0, -1, 2**31, 2**63, 1e400, "1", None, True],
            "client_key": ["", "x", 5, None, "a" * 99, "\x00" * 9],
        }.items():
            for value in values:
                message = {
                    "attempt": attempt.id,
                    "client_key": "odd-key-zz",
                    "client_sequence": 1,
                    "items": [{"position": 1, "response": None}],
                    name: value,
                }
                answer = browser.client.post(f"/attempts/{attempt.id}/save", json=message, headers=headers)
                assert answer.status_code in (400, 422), (name, value)
        for position in (0, -1, 99, 2**31, 2**63, 1.5, "1", None, [1]):
            message = {
                "attempt": attempt.id,
                "client_key": "odd-key-zz",
                "client_sequence": 1,
                "items": [{"position": position, "response": None}],
            }
            answer = browser.client.post(f"/attempts/{attempt.id}/save", json=message, headers=headers)
            assert 400 <= answer.status_code < 500, position
        for field in ("client_sequence", "client_key", "q", "seen-1", "go"):
            for value in NUMBERS:
                data = {"seen-1": "0", "a1": "p1", "csrf_token": browser.csrf_token(), field: value}
                assert browser.client.post(f"/attempts/{attempt.id}", data=data).status_code < 500, (field, value)
