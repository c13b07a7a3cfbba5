"""A bad file is refused: with the file, the line and the key, what is wrong and what is right."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crescendo.loading.source import Refused
from crescendo.loading.writing import load
from programmes.models import LocalAuthority
from tests import factories
from tests.crescendo.loading import ADDS, ILLUSTRATIVE, LEAST, PUBLISHED, file, refused

TOMORROW = timezone.localdate() + timedelta(days=1)

# What a file says after `LEAST`, and what is wrong with it.
BAD = [
    # --- keys
    ("[strnd]", ["some.toml:10: strnd: is no key here. Did you mean strand?"]),
    (
        '[[strand]]\ntitle = "One"\ncolour = "red"',
        [
            "some.toml:12: strand[1].colour: is no key here. Those that are: about, barriers,"
            " change, illustrative, title."
        ],
    ),
    (
        '[[strand]]\nabout = "No title"',
        ["some.toml:10: strand[1].title: is missing. Add it: text, up to 160 characters."],
    ),
    (
        '[[strand]]\ntitle = ""',
        ["some.toml:11: strand[1].title: is empty. Write something, or leave the line out."],
    ),
    (
        '[[strand]]\ntitle = "' + "a" * 161 + '"',
        ["some.toml:11: strand[1].title: has 161 characters. 160 are the most: say it shorter."],
    ),
    (
        '[[strand]]\ntitle = "Over\\u0007time"',
        ["some.toml:11: strand[1].title: character 5 is a control character, U+0007. Take it out."],
    ),
    (
        "[[strand]]\ntitle = 5",
        ["some.toml:11: strand[1].title: has to be text in quotes, and is a whole number."],
    ),
    (
        'strand = "One"',
        ["some.toml:10: programme.strand: is no key here. Did you mean started?"],
    ),
    ("[strand]", ["some.toml:10: strand: has to be a list of tables, and is a table."]),
    ("[[next]]", ["some.toml:10: next: has to be a table, and is a list."]),
    # --- twice
    (
        '[[strand]]\ntitle = "One"\n[[strand]]\ntitle = "ONE"',
        [
            "some.toml:13: strand[2].title: “ONE” is there already, on line 11. Take one of them"
            " out."
        ],
    ),
    (
        '[ambition]\nvalues = ["Honesty", "honesty"]',
        [
            "some.toml:11: ambition.values[2]: “honesty” is there already, on line 11. Take one of"
            " them out."
        ],
    ),
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\n'
        '[small_changes]\nknown = [\n  { title = "a" },\n]',
        [
            "some.toml:16: small_changes.known[1].title: “a” is there already, on line 13. Take one"
            " of them out."
        ],
    ),
    (
        '[[milestone]]\nkind = "launch"\n[[milestone]]\nkind = "launch"',
        ["some.toml:13: milestone[2].kind: is there already, on line 11. Take one of them out."],
    ),
    # --- dates
    (
        '[[step]]\nnumber = 1\ndone = "2021-02-30"',
        [
            "some.toml:12: step[1].done: '2021-02-30' is no date. Write a date: \"2021-11-03\", or"
            ' "2021-11" where only the month is known.'
        ],
    ),
    (
        '[[step]]\nnumber = 1\ndone = "last week"',
        [
            "some.toml:12: step[1].done: 'last week' is no date. Write a date: \"2021-11-03\", or"
            ' "2021-11" where only the month is known.'
        ],
    ),
    (
        '[[step]]\nnumber = 1\ndone = "3 weeks ago"',
        [
            "some.toml:12: step[1].done: '3 weeks ago' has a meaning in illustrative files only."
            ' Write a date: "2021-11-03", or "2021-11" where only the month is known.'
        ],
    ),
    (
        "[[step]]\nnumber = 1\ndone = 2021-11-03T10:00:00",
        ["some.toml:12: step[1].done: has a time of day. Write the date only."],
    ),
    (
        '[[step]]\nnumber = 1\ndone = "9999-12-31"',
        ["some.toml:12: step[1].done: is in the year 9999. Years go from 1990 to 2099."],
    ),
    (
        f'[[step]]\nnumber = 1\ndone = "{TOMORROW}"',
        ["some.toml:12: step[1].done: is still to come. Write when it happened, or leave it out."],
    ),
    (
        "[[step]]\nnumber = 5\ndone = 2021-11-03",
        ["some.toml:11: step[1].number: is out of range. It has to be a whole number from 1 to 4."],
    ),
    # --- what does not go together
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\nchosen = false\n'
        'status = "in progress"',
        [
            'some.toml:15: strand[1].change[1].status: is "in progress", and the change is not'
            " chosen. Put one of them right."
        ],
    ),
    (
        "[small_changes]\nstarted = 2",
        [
            "some.toml:11: small_changes.started: is 2, but the changes with chosen = true are 0."
            " Put one of them right."
        ],
    ),
    (
        '[[survey.question]]\ntext = "job satisfaction"\narea = "purpose"\nmoderate = 2\nlarge = 2',
        [
            "some.toml:10: survey.respondents: is missing, and the answers make 4. It has to be 5"
            " or more: of fewer people nothing is kept."
        ],
    ),
    (
        '[[blueprint.pillar]]\ntitle = "P"\n[[blueprint.pillar.experiments]]\ntitle = "E"\n'
        'from = "2022-02"\nto = "2022-01"',
        [
            "some.toml:15: blueprint.pillar[1].experiments[1].to: is before from. An experiment"
            " ends after it begins."
        ],
    ),
    # --- what the words stand for
    (
        '[ambition]\nbarriers = ["Forms are hard to find"]\n'
        '[[strand]]\ntitle = "One"\nbarriers = ["Forms are hard to see"]',
        [
            "some.toml:14: strand[1].barriers[1]: “Forms are hard to see” is no barrier of Some"
            " Borough. Did you mean “Forms are hard to find”?"
        ],
    ),
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\nteams = ["Est"]',
        [
            "some.toml:14: strand[1].change[1].teams[1]: “Est” is no team of Some Borough. Add it"
            " first, or leave it out."
        ],
    ),
    (
        '[sensemaking]\nenablers = [\n  { text = "Calm", changes = ["Not there"] },\n]',
        [
            "some.toml:12: sensemaking.enablers[1].changes[1]: “Not there” is no small change of"
            " Some Borough. Add it first, or leave it out."
        ],
    ),
    (
        '[[blueprint.pillar]]\ntitle = "P"\ninsights = ["Not there"]',
        [
            "some.toml:12: blueprint.pillar[1].insights[1]: “Not there” is no insight of Some"
            " Borough. Add it first, or leave it out."
        ],
    ),
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\nlead = "amy@some.example"',
        [
            "some.toml:14: strand[1].change[1].lead: amy@some.example takes no part in Some"
            " Borough. Invite them first, or leave it out."
        ],
    ),
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\nlead = "Amy"',
        [
            "some.toml:14: strand[1].change[1].lead: is 'Amy'. Write the e-mail address of"
            " somebody who takes part there."
        ],
    ),
    # --- what is counted
    *(
        (
            '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\n'
            f'[[strand.change.measure]]\nwhat = "B"\nbetter = "lower"\n{words}',
            [f"some.toml:{line}: strand[1].change[1].measure[1].{said}"],
        )
        for words, line, said in (
            (
                "baseline = 14",
                14,
                "baseline_on: is missing: how it was, and when, go together.",
            ),
            (
                "target = 9.555",
                17,
                "target: has to be a number, with two digits after the point at most, up to"
                " 9,999,999.99, and is 9.555.",
            ),
            (
                'target = "9"',
                17,
                "target: has to be a number, with two digits after the point at most, up to"
                " 9,999,999.99, and is text.",
            ),
            (
                '[[strand.change.measure.reading]]\non = "2022-01-03"\nvalue = 1\n' * 2,
                20,
                "reading[2]: is of a day that has a reading already. Take one of them out.",
            ),
        )
    ),
    # --- what the gates refuse
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\n'
        '[[strand.change.move]]\non = "2022-01"\nstage = "influence"\n'
        '[[strand.change.move]]\non = "2022-02"\nstage = "develop"',
        [
            "some.toml:17: strand[1].change[1].move[2].why: Tell us why it’s going back. It counts"
            " as learning."
        ],
    ),
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\n'
        '[[strand.change.move]]\non = "2022-01"\nstatus = "embedded"',
        [
            "some.toml:16: strand[1].change[1].move[1].status: A change can only be embedded in"
            " Grow. Move it to Grow as well."
        ],
    ),
    (
        '[[strand]]\ntitle = "One"\n[[strand.change]]\ntitle = "A"\n'
        '[[strand.change.move]]\non = "2022-02"\nstage = "develop"\n'
        '[[strand.change.move]]\non = "2022-01"\nstage = "grow"',
        [
            "some.toml:18: strand[1].change[1].move[2].on: is before the move above. Put the oldest"
            " first."
        ],
    ),
    # --- the timeline
    (
        '[[milestone]]\nkind = "launch"\nplace = "Town Hall"',
        [
            "some.toml:11: milestone[1].kind: cannot have a date: the timeline follows from the"
            ' programme\'s start, which nobody has said yet. Add it: started = "2021-11", in'
            " [programme]."
        ],
    ),
    (
        '[[milestone]]\nkind = "pod"',
        ["some.toml:10: milestone[1].number: is missing. Say which learning pod it is: 1, 2, 3 …"],
    ),
    # --- no TOML
    (
        "[[strand]]\ntitle = One",
        ['some.toml:11: is not TOML at column 9: Invalid value. Text needs quotes: key = "text".'],
    ),
    (
        "[next]\nnow = 2021-13",
        [
            "some.toml:11: is not TOML at column 11: Expected newline or end of document after a"
            ' statement. A date is written "2021-11" or "2021-11-03", with the quotes.'
        ],
    ),
    (
        "[authority]",
        [
            "some.toml:10: is not TOML at column 11: Cannot declare ('authority',) twice. See"
            " docs/journey-format.md."
        ],
    ),
    (
        "next = " + "[" * 1500,
        ["some.toml: is nested too deeply. See docs/journey-format.md."],
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "problems"), BAD)
def test_a_bad_file_says_where_and_what(tmp_path, text, problems):
    assert refused(file(tmp_path, LEAST + text)) == problems


@pytest.mark.django_db
def test_all_that_is_wrong_is_listed_at_once(tmp_path):
    one = file(tmp_path, LEAST + '[strnd]\n[[strand]]\ntitle = ""', "one.toml")
    two = file(tmp_path, "[authority]\nname = 1\n", "two.toml")
    assert refused(one, two) == [
        "one.toml:10: strnd: is no key here. Did you mean strand?",
        "one.toml:12: strand[1].title: is empty. Write something, or leave the line out.",
        'two.toml:1: authority.kind: is missing. Add it: one of "London borough", "metropolitan'
        ' district", "unitary authority", "county council", "children\'s trust".',
        "two.toml:2: authority.name: has to be text in quotes, and is a whole number.",
        "two.toml: programme: is missing. Add it: a table.",
    ]


# --- files that are none


@pytest.mark.django_db
def test_ten_megabytes_of_garbage(tmp_path):
    assert refused(file(tmp_path, os.urandom(10_000_000))) == [
        "some.toml: has 10.0 MB. 1 MB is the most, and a whole journey needs less than a hundredth"
        " of it: is it the right file?"
    ]


@pytest.mark.django_db
def test_a_megabyte_on_one_line(tmp_path):
    assert refused(file(tmp_path, "a." * 499_000)) == [
        "some.toml:1: this line has 998,000 characters. 4,000 are the most: put each thing on a"
        " line of its own."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("encoding", "problem"),
    [
        (
            "latin-1",
            "some.toml:2: is not written in UTF-8: byte 24 of the file (0xe9) is no part of it."
            " Save the file as UTF-8.",
        ),
        ("utf-16", "some.toml:1: is written in UTF-16. Save it as UTF-8."),
        (
            "utf-16-be",
            "some.toml:2: is not written in UTF-8: byte 48 of the file (0xe9) is no part of it."
            " Save the file as UTF-8.",
        ),
    ],
)
def test_another_encoding(tmp_path, encoding, problem):
    assert refused(file(tmp_path, '[authority]\nname = "Orléans"'.encode(encoding))) == [problem]


@pytest.mark.django_db
def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path):
    text = LEAST.replace("\n", "\r\n").encode("utf-8-sig")
    assert str(load([file(tmp_path, text)])[0]) == "some.toml: 4 rows added"


@pytest.mark.django_db
def test_what_is_not_there_or_no_file(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "to-folder.toml").symlink_to(tmp_path / "folder.toml")
    (tmp_path / "to-nowhere.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "in-circles.toml").symlink_to(tmp_path / "in-circles.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    names = ["folder", "to-folder", "to-nowhere", "in-circles", "pipe", "missing", "x" * 300]
    found = refused(*(tmp_path / f"{name}.toml" for name in names), Path("/dev/zero"))
    assert found[:6] + found[7:] == [
        "folder.toml: is a folder. Name the files in it.",
        "to-folder.toml: is a folder. Name the files in it.",
        "to-nowhere.toml: is not there. Check the name and the folder.",
        "in-circles.toml: is not there. Check the name and the folder.",
        "pipe.toml: is not a file that can be read to its end.",
        "missing.toml: is not there. Check the name and the folder.",
        "zero: is not a file that can be read to its end.",
    ]


@pytest.mark.django_db
def test_a_link_to_a_file_is_as_good_as_the_file(tmp_path):
    (tmp_path / "link.toml").symlink_to(file(tmp_path, LEAST))
    assert str(load([tmp_path / "link.toml"])[0]) == "link.toml: 4 rows added"


# --- all or nothing, and the command


@pytest.mark.django_db
def test_a_good_file_beside_a_bad_one_is_not_loaded(tmp_path):
    good = file(tmp_path, LEAST, "good.toml")
    bad = file(
        tmp_path,
        LEAST.replace("Some Borough", "Other Borough")
        + '[[strand]]\ntitle = "One"\nbarriers = ["Not there"]',
        "bad.toml",
    )
    assert refused(good, bad) == [
        "bad.toml:12: strand[1].barriers[1]: “Not there” is no barrier of Other Borough. Add it"
        " first, or leave it out."
    ]
    assert LocalAuthority.objects.count() == 0
    load([good])
    assert [one.name for one in LocalAuthority.objects.all()] == ["Some Borough"]


@pytest.mark.django_db
def test_the_command_lists_what_it_added(tmp_path):
    said = StringIO()
    path = file(tmp_path, LEAST)
    call_command("load_journey", path, PUBLISHED[1], stdout=said)
    call_command("load_journey", path, stdout=said)
    assert said.getvalue() == (
        "some.toml: 4 rows added\n"
        "wandsworth.toml: 14 rows added, 1 row filled in\n"
        "some.toml: nothing new\n"
    )


@pytest.mark.django_db
def test_the_command_refuses_with_every_problem(tmp_path):
    path = file(tmp_path, LEAST + "[a]\n[b]\n")
    with pytest.raises(CommandError) as caught:
        call_command("load_journey", path)
    keys = (
        "Those that are: ambition, authority, blueprint, illustrative, milestone, next, programme,"
        " scoping, sensemaking, small_changes, step, strand, survey, temperature_check."
    )
    assert str(caught.value).splitlines() == [
        f"some.toml:10: a: is no key here. {keys}",
        f"some.toml:11: b: is no key here. {keys}",
        "Nothing was loaded.",
    ]
    assert caught.value.returncode == 1


@pytest.mark.django_db
def test_two_files_of_one_name_are_told_apart(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = file(tmp_path / "a", LEAST)
    two = file(tmp_path / "b", ADDS + "[a]")
    [problem] = refused(one, two)
    assert problem.startswith(f"{two}:6: a: is no key here.")


# --- which authority


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            'name = "Own Borough"\nons_code = "E09000002"',
            "some.toml:3: authority.ons_code: is E09000002, and Own Borough here has E09000001."
            " Put right the one that is wrong.",
        ),
        (
            'name = "Some Borough"\nslug = "own"',
            "some.toml:3: authority.slug: “own” is the address of Own Borough. Choose another.",
        ),
        (
            'name = "Own Borough"\nslug = "other"',
            "some.toml:2: authority.name: “Own Borough” could be Own Borough or Other Borough:"
            " name, address and ONS code lead to different authorities. Put right the one that is"
            " wrong.",
        ),
        (
            'name = "Some Borough"\nslug = "portfolio"',
            "some.toml:3: authority.slug: “portfolio” is the address of a page of Crescendo. Choose"
            ' another: slug = "portfolio-council".',
        ),
        (
            'name = "!"',
            "some.toml:2: authority.name: makes no web address. Add one of your own: slug ="
            ' "some-borough".',
        ),
    ],
)
def test_a_file_that_could_be_of_another_authority(cast, tmp_path, lines, problem):
    LocalAuthority.objects.filter(pk=cast.authority.pk).update(ons_code="E09000001")
    text = f'[authority]\n{lines}\nkind = "London borough"\n' + LEAST.split("\n\n", 1)[1]
    assert refused(file(tmp_path, text)) == [problem]


@pytest.mark.django_db
def test_what_belongs_to_another_authority_is_not_known_here(cast, tmp_path):
    factories.TeamFactory(authority=cast.other, name="East")
    factories.BarrierFactory(programme=cast.other_programme, text="Their barrier")
    text = (
        "illustrative = true\n"
        '[authority]\nname = "Own Borough"\nslug = "own"\n'
        '[[strand]]\ntitle = "One"\nbarriers = ["Their barrier"]\n'
        '[[strand.change]]\ntitle = "A"\nteams = ["East"]\nlead = "outsider@other.example"'
    )
    assert refused(file(tmp_path, text)) == [
        "some.toml:7: strand[1].barriers[1]: “Their barrier” is no barrier of Own Borough. Add it"
        " first, or leave it out.",
        "some.toml:10: strand[1].change[1].teams[1]: “East” is no team of Own Borough. Add it"
        " first, or leave it out.",
        "some.toml:11: strand[1].change[1].lead: outsider@other.example takes no part in Own"
        " Borough. Did you mean practitioner@own.example?",
    ]


@pytest.mark.django_db
def test_an_illustrative_file_needs_something_to_add_to(cast, tmp_path):
    assert refused(file(tmp_path, ADDS)) == [
        "some.toml:2: authority.kind: is missing, and Some Borough is not here yet. Load the file"
        " that says it as well."
    ]
    cast.programme.delete()
    own = file(tmp_path, 'illustrative = true\n[authority]\nname = "Own Borough"\nslug = "own"')
    assert refused(own) == [
        "some.toml: programme: is missing, and Own Borough has none yet. Load the file that says it"
        " as well."
    ]


@pytest.mark.django_db
def test_a_sponsor_is_a_manager(cast, tmp_path):
    text = (
        'illustrative = true\n[authority]\nname = "Own Borough"\nslug = "own"\n'
        '[[blueprint.pillar]]\ntitle = "P"\nsponsor = "practitioner@own.example"'
    )
    assert refused(file(tmp_path, text)) == [
        "some.toml:7: blueprint.pillar[1].sponsor: practitioner@own.example is no manager in Own"
        " Borough. A pillar's sponsor is one."
    ]


@pytest.mark.django_db
def test_a_pod_that_the_rhythm_has_no_place_for(tmp_path):
    text = LEAST.replace('service = "', 'started = "2022-01-10"\nservice = "')
    text += '[[milestone]]\nkind = "pod"\nnumber = 5\nplace = "Town Hall"'
    assert refused(file(tmp_path, text)) == [
        "some.toml:13: milestone[1].number: is 5, but the timeline has 4 learning pods. Use 1 to 4."
    ]


@pytest.mark.django_db
def test_dates_of_two_files_that_do_not_fit(tmp_path):
    pillar = '[[blueprint.pillar]]\ntitle = "P"\n[[blueprint.pillar.experiments]]\ntitle = "E"\n'
    one = file(tmp_path, LEAST + pillar + 'from = "2022-03-01"', "one.toml")
    two = file(tmp_path, ADDS + pillar + 'to = "2022-02-01"', "two.toml")
    assert refused(two, one) == [
        "two.toml:10: blueprint.pillar[1].experiments[1].to: does not fit: it would go from"
        " 2022-03-01 to 2022-02-01. An experiment ends after it begins."
    ]


@pytest.mark.django_db
def test_letters_that_the_database_takes_for_the_same(tmp_path):
    """Python and PostgreSQL differ over a few letters in what is small and what is capital."""
    text = LEAST + '[ambition]\nvalues = ["İ", "i̇"]'
    assert refused(file(tmp_path, text)) == [
        "some.toml:11: ambition.values[2]: “i̇” is there already, on line 11. Take one of them out."
    ]


# --- whatever a file holds


def _loads_or_is_refused(path: Path) -> None:
    """Any other exception fails the test."""
    problems = None
    try:
        load([path])
    except Refused as refusal:
        problems = refusal.problems
    assert problems is None or problems != []


_ANY_FILE = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "15")) * 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_LINES = [
    line for path in PUBLISHED + ILLUSTRATIVE for line in path.read_text().splitlines() if line
]


@pytest.mark.django_db
@_ANY_FILE
@given(st.binary(max_size=2000))
def test_any_bytes(tmp_path, raw):
    _loads_or_is_refused(file(tmp_path, raw))


@pytest.mark.django_db
@_ANY_FILE
@given(st.lists(st.sampled_from(_LINES), max_size=60))
def test_any_lines_of_real_files(tmp_path, lines):
    _loads_or_is_refused(file(tmp_path, LEAST + "\n".join(lines)))


_values = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.text(st.characters(codec="utf-8"), max_size=30),
        st.sampled_from(["grow", "embedded", "decided", "ours", "North", "2022-01", "5 weeks ago"]),
    ),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


def _in_toml(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(
            f"\\U{ord(one):08x}" if ord(one) < 32 or one in '"\\\x7f' else one for one in value
        )
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_in_toml, value))}]"
    return str(value)


@pytest.fixture
def demo(db):
    """Everything that the real files name is there, so that a change to one gets to be written."""
    call_command("load_demo", verbosity=0)


@_ANY_FILE
@given(st.data())
def test_any_value_in_a_real_file(demo, tmp_path, data):
    """A real journey in which a few values are something else, a few lines go, or stand twice."""
    path = data.draw(st.sampled_from(PUBLISHED + ILLUSTRATIVE))
    lines = path.read_text().splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["value", "gone", "twice", "cut"])):
            case "value" if "=" in lines[number]:
                key = lines[number].partition("=")[0]
                lines[number] = f"{key}= {_in_toml(data.draw(_values))}"
            case "gone":
                lines[number] = ""
            case "twice":
                lines.insert(number, lines[number])
            case _:
                lines[number] = lines[number][: data.draw(st.integers(0, 80))]
    _loads_or_is_refused(file(tmp_path, "\n".join(lines)))
