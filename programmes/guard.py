"""Does a note seem to name a person or a case? Warns, and never blocks (`reliability.md` 5).

A handful of rules for what is written in a form of its own: numbers, addresses, ages beside names.
A bare name is not found without a title before it: that would need a list of names, which we never
hold. What was found is
told by its kind; the words themselves go nowhere from here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

PLEASE = "Please don’t name a child, family or colleague."
# What a finding is called in the sentence that the person reads.
KINDS = {
    "nhs": "an NHS number",
    "nino": "a National Insurance number",
    "upn": "a pupil number",
    "case": "a case number",
    "email": "an email address",
    "phone": "a phone number",
    "postcode": "a postcode",
    "address": "somebody’s address",
    "birth": "a date of birth",
    "age": "somebody and their age",
    "name": "somebody’s name",
}


@dataclass(frozen=True)
class Finding:
    kind: str

    @property
    def sentence(self) -> str:
        return f"This looks like {KINDS[self.kind]}. {PLEASE}"


def look(text: str) -> Finding | None:
    """The first thing in a text that a person should look at again; None where there is nothing."""
    plain = text.translate(_PLAIN)
    if not _WORTH_A_LOOK.search(plain):
        return None
    for kind, pattern, holds in _RULES:
        if any(holds(match) for match in pattern.finditer(plain)):
            return Finding(kind)
    return None


# Phones write dashes, quotes and spaces of several kinds, some of which nobody sees.
_PLAIN = str.maketrans("‐‑‒–—’‘\u00a0\u2009\u202f", "-----''   ", "\u200b\u200c\u200d\u2060")


def _always(match: re.Match) -> bool:
    return True


def _is_nhs_number(match: re.Match) -> bool:
    """Ten digits of which the last is the check digit, modulo 11."""
    digits = [int(digit) for digit in match.group() if digit.isdigit()]
    rest = 11 - sum(digit * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return digits[9] == rest % 11 and rest != 10


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s\d{{2,4}})"
)
_SYSTEM = (
    r"(?:LCS|mosaic|liquid ?logic|EHM|ICS|care ?first|care ?director|eclipse|framework-?i|azeus"
    r"|synergy|capita)"
)
_NUMBERED = r"(?:id|i\.d\.|nos?\.?|num|number|ref\.?|reference|case|client|record|episode|file)"
_OF_A_CASE = (
    r"(?:case|person|client|file|pupil|child|referral|family|record|episode|patient|court|crime"
    r"|tenancy|p)"
)
# A running number, however it is cut up: 20187744, 41/7762, 3 140 982, FAM-22913.
_RUNNING = r"(?:[a-z]{1,4}[ /-]?)?\d(?:[ /-]?\d){3,}"
_ROAD = (
    r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Close|Drive|Gardens|Gdns|Crescent|Cres|Court|Ct|Terrace"
    r"|Tce|Place|Grove|Way|Walk|Hill|Square|Sq|Mews|Row|Rise|View|Green|Park|Parade)"
)
# Not part of a street's name: "at 2 in a row".
_NO_STREET = r"(?!(?:the|an?|this|that|our|my|no|any|one|in|on|by|of|to|is|and)\s)"
_HOUSE = r"(?:House|Court|Tower|Point|Heights|Lodge|Mansions)"
# A first name, or initials.
_WHO = r"(?P<who>(?:[A-Z]\.){2,3}|[A-Z]{2}\b|[A-ZÀ-Þ][a-zß-ÿ'-]+)"
_YOUNG = (
    r"(?:1?\d|2[0-5]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen)"
)
_YEARS = r"\s?(?:y|yo|yrs?|years?)(?:[ -]?old)?"
# After a time that something took, and not how old somebody is.
_SPAN = r"(?:ago|of|in|for|on|to|since|later|after|before|wait|waiting|with|experience|and|now)\b"
# "Miss Monday’s meeting" and "Ms Teams" are nobody.
_TITLE = r"(?:M(?:r|rs|x)|Dr|(?<=[a-z,] )Miss|Ms(?! (?:Teams|Office|Word|Excel|Outlook|Forms)\b))"
# Every rule needs one of these.
_WORTH_A_LOOK = re.compile(rf"(?i:[\d@]|\b{_YOUNG}\b)|\b{_TITLE}\b")
_IS = r"(?:'s|,? who's|,? who is| is| will be|,?(?: has| have)?(?: just)? turn(?:ed|s))"
_UP_TO = (
    r"(?!\s?(?:-|to\b|or\b|and (?:\d|over|up|under)|\+|/|%|days?|weeks?|months?|minutes?|hours?"
    r"|\d))"
)

# Words before a number that are no name: who is many, what is counted, when it is.
_NO_NAMES = frozenset(
    word
    for line in (
        "a an the our my your his her its their this that these those some any each every all",
        "no yes not maybe none other others both either neither agree disagree unsure total",
        "about around under over between in on at by from for with until since after before",
        "only just nearly almost i we he she they it you who someone somebody anyone anybody",
        "everyone everybody nobody people person child children kid young baby youth adult",
        "adults women men woman man boys girls staff team service year age aged key stage",
        "level grade band tier step phase option priority page room court unit group pod part",
        "section chapter rule version week month day term class monday tuesday wednesday",
        "thursday friday saturday sunday january february march april june july august",
        "september october november december spring summer autumn winter christmas easter",
        "forms cars rooms cases visits calls homes schools plans ideas things steps points",
        "weeks days hours months years minutes times cp cin lac cla sw hv gp eh qa it hr pr",
        "uk us eu tv ai ok mp ld am pm vs re",
        # What has an age, or a number, and is nobody.
        "system systems laptop laptops form policy guidance car van building office software",
        "phone printer template liquidlogic mosaic lcs ehm windows chair desk wait waiting",
        "caseload target",
        "average limit cap number score threshold minimum maximum deadline ratio budget capacity",
        "backlog queue total rate answer question which there here today tomorrow what that's",
        "it's there's he's she's who's what's here's where's everyone's today's agreement record",
        "daily hourly weekly contact respite review reviews",
        "mum dad nan gran grandad carer parent toddler sibling twins waited took lasted spent been",
        "contract file timescale mine ours yours theirs mileage allowance lunch last next first",
    )
    for word in line.split()
)
# Endings of what is counted: leaders, families, actions, meetings, parents, teams, groups, pods.
_COUNTED = re.compile(r"(?:ers|ors|ies|ions|ments|ings|[ae]nts|ists|ams|ups|ods|ges|tes|als)$")


def _is_a_name(match: re.Match) -> bool:
    who = match["who"].lower().removesuffix("'s")
    return who not in _NO_NAMES and not _COUNTED.search(who)


_RULES: list[tuple[str, re.Pattern, Callable[[re.Match], bool]]] = [
    ("email", re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"), _always),
    (
        "nhs",
        re.compile(r"(?<![\d+])[1-9](?:[ .-]{0,2}\d){9}(?!\d)"),
        _is_nhs_number,
    ),
    (
        "nhs",
        re.compile(r"(?i)\bnhs\s(?:no\.?|num(?:ber)?)\W{0,3}(?:is\s)?\d{3}\W{0,2}\d{3}"),
        _always,
    ),
    # F and M end the temporary ones.
    ("nino", re.compile(r"(?i)\b[a-z]{2}(?:[ .-]?\d{2}){3}[ .-]?[a-dfm]\b"), _always),
    ("upn", re.compile(r"(?i)\b[a-hj-np-rt-z](?:[ -]?\d){11}[ -]?[\da-z]\b"), _always),
    (
        "phone",
        re.compile(
            # Some type the letter for the nought.
            r"(?<![\d/])(?:(?:\+|00)?44[ -]?(?:\(0\)[ -]?)?|\(?[0Oo])"
            r"[1-378](?:[ ().-]{0,2}\d){8,9}(?!\d)"
        ),
        _always,
    ),
    (
        "birth",
        re.compile(
            r"(?i)\b(?:(?:d\.?\s?o\.?\s?b(?![a-z])|date of birth|birth date).{0,40}?"
            r"|(?:born|birthday).{0,15}?)"
            rf"(?<!\d)(?:{_DATE}|\d{{6}}\b|\d{{8}}\b)"
        ),
        _always,
    ),
    ("birth", re.compile(rf"(?i)(?<![\w.])b\.? ?{_DATE}"), _always),
    (
        "case",
        re.compile(
            rf"(?i)\b{_SYSTEM}\b\W{{0,3}}(?:{_NUMBERED}\W{{0,3}}){{0,2}}\d(?:[ /-]?\d){{4,}}"
        ),
        _always,
    ),
    (
        "case",
        re.compile(
            rf"(?i)\b(?:{_OF_A_CASE}\s(?:id|no\.?|num|number|ref\.?|reference)"
            rf"|ref(?:erence)?\.?(?:\s(?:no\.?|number))?|case #)\W{{0,3}}(?:is\s)?{_RUNNING}"
        ),
        _always,
    ),
    # A year, or two letters, before a running number: CIN/2024/00417, ZE24C50123.
    ("case", re.compile(r"\b[A-Z]{2,5}[/-](?:19|20)?\d{2}[/-]\d{3,}\b"), _always),
    ("case", re.compile(r"\b[A-Z]{2}\d{2}[A-Z]\d{5}\b"), _always),
    # So long a number is rarely anything else, whatever stands before it; money has its commas.
    ("case", re.compile(r"(?<![\w£.,:/+-])[A-Z]{0,2}\d{6,9}(?![\d%]|[.,:/-]\d)"), _always),
    (
        "postcode",
        # Not the likes of "Q1 2nd" and "KS2 3hr".
        re.compile(
            r"\b(?i:[a-pr-uwyz][a-hk-y]?\d[a-z\d]?[ -]{0,2})(?!\d(?:st|nd|rd|th|hr|yr)\b)"
            r"(?i:\d[abd-hjlnp-uw-z]{2})\b"
        ),
        _always,
    ),
    (
        "address",
        re.compile(rf"\b\d{{1,4}}[a-zA-Z]?,?\s(?:[A-Z][\w'.]*\s){{1,3}}{_ROAD}\b"),
        _always,
    ),
    (
        "address",
        # Without capitals, after such words alone: "a 2 way street" is nobody's.
        re.compile(
            r"(?i)\b(?:at|no\.?|number|outside|opposite|visit(?:ed)?|lives in|(?:moved|went) to)\s"
            rf"\d{{1,4}}[a-z]?,?\s(?:{_NO_STREET}[a-z'.]+\s){{1,2}}{_ROAD}\b"
        ),
        _always,
    ),
    # At the beginning, or after a pause, nothing else is counted.
    (
        "address",
        re.compile(
            rf"(?i)(?:^|[,:;-]\s)\d{{1,4}}[a-z]?\s{_NO_STREET}[a-z']+\s{_ROAD}(?:\b(?!\s(?:to|from|for)))"
        ),
        _always,
    ),
    ("address", re.compile(r"\b\d{1,4}[a-z]? The [A-Z][a-z]+s?\b"), _always),
    (
        "address",
        re.compile(rf"\b(?i:flat|apartment)\s\d+[a-zA-Z]?,?\s(?:[A-Z]\w+\s){{1,2}}{_HOUSE}\b"),
        _always,
    ),
    ("age", re.compile(rf"\b{_WHO} \((?:aged? )?{_YOUNG}(?:{_YEARS})?\)"), _is_a_name),
    (
        "age",
        re.compile(rf"\b{_WHO},? (?:(?:is |who is |who's )?aged?|who is|who's) {_YOUNG}\b{_UP_TO}"),
        _is_a_name,
    ),
    (
        "age",
        re.compile(rf"\b{_WHO}(?:,\s?{_YOUNG},| - (?:only )?{_YOUNG}\b(?: -|{_UP_TO}))"),
        _is_a_name,
    ),
    (
        "age",
        re.compile(rf"\b{_WHO}{_IS}(?: only| just| now| nearly| almost)? {_YOUNG}\b{_UP_TO}"),
        _is_a_name,
    ),
    ("age", re.compile(rf"(?i)\b(?P<who>[a-z'-]+) just turned {_YOUNG}\b{_UP_TO}"), _is_a_name),
    (
        "age",
        re.compile(
            rf"\b{_WHO},? {_YOUNG} ?(?:yrs?|years|mths|months)(?:,|(?<=\dyrs) (?!{_SPAN})"
            r"| \d{1,2} (?:mths|months))"
        ),
        _is_a_name,
    ),
    (
        "age",
        re.compile(
            rf"\b{_YOUNG}(?: and a half)?[ -]?(?:y|yr|year|mth|month)s?[ -]old,? {_WHO}(?!\w)"
        ),
        _is_a_name,
    ),
    (
        "age",
        re.compile(
            r"\b(?i:baby|toddler|mum|dad|nan) (?P<who>[A-ZÀ-Þ][a-zß-ÿ'-]+),? (?:is )?\d{1,2} ?"
            r"(?i:wks?|weeks?|mths?|months?|yrs?|years?)\b"
        ),
        _is_a_name,
    ),
    (
        "age",
        re.compile(rf"(?i)\b(?P<who>[a-zß-ÿ'-]+),? (?:is )?{_YOUNG}[ -]?(?:years?|yrs?)[ -]?old\b"),
        _is_a_name,
    ),
    (
        "age",
        re.compile(
            r"(?i)\b(?:boy|girl|son|daughter|brother|sister|nephew|niece),? (?:aged?|of|who is)"
            rf" {_YOUNG}\b{_UP_TO}"
        ),
        _always,
    ),
    ("age", re.compile(rf"(?i)\b{_YOUNG} ?(?:yo\b|y/o\b|y\.o\.)"), _always),
    ("name", re.compile(rf"\b{_TITLE}\.? (?:[A-ZÀ-Þ]\.? )?[A-ZÀ-Þ][a-zß-ÿ'-]+"), _always),
]
