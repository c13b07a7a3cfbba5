"""The house rules that a machine can read off the source."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import ForeignKey

from programmes.models import LocalAuthority, SameAuthority

ROOT = Path(__file__).parent.parent
# From the ground floor up: an app may import those before it, never those after it.
FLOORS = [
    *("programmes", "surveys", "smallchanges", "blueprints", "workshops", "impact"),
    "crescendo",
]
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def _sources():
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield floor, path


def _imported(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_imports_only_go_down():
    upwards = [
        f"{path.relative_to(ROOT)} imports {name}"
        for floor, path in _sources()
        for name in _imported(ast.parse(path.read_text()))
        if name in FLOORS and FLOORS.index(name) > FLOORS.index(floor)
    ]
    assert upwards == []


def test_imports_stand_at_the_top():
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for _, path in _sources()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_only_the_policy_names_roles():
    """Code asks for a permission. Roles appear where they are kept, given and explained."""
    allowed = {
        "programmes/permissions.py",
        "programmes/models/people.py",
        "programmes/models/__init__.py",
        "programmes/forms/people.py",
        "crescendo/management/commands/load_demo.py",
    }
    asked = [
        str(path.relative_to(ROOT))
        for _, path in _sources()
        if re.search(r"\bRole\.[A-Z]", path.read_text())
        and str(path.relative_to(ROOT)) not in allowed
    ]
    assert asked == []


def test_templates_hold_no_inline_style_script_or_unescaped_text():
    forbidden = re.compile(
        r"""\sstyle=|\son[a-z]+=["']|<script(?![^>]*(\ssrc=|application/json))"""
        r"""|\|\s*safe\b|autoescape off"""
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


# What a browser, a script or whoever changes the page reads, and nobody else; and the one block
# that stands inside a tag.
_NOT_READ = re.compile(
    r"<script.*?</script>|\{% block live %\}.*?\{% endblock %\}"
    r"|\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}",
    re.DOTALL,
)
_OF_A_TEMPLATE = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
_READ_OUT = re.compile(r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"')


def _words_of(path: Path):
    """What people read, or hear, of a template: its text, some attributes, and words in tags."""
    text = _NOT_READ.sub("", path.read_text())
    yield from (tag for tag in _OF_A_TEMPLATE.findall(text) if re.search(r"[a-z]'[a-z]", tag))
    text = _OF_A_TEMPLATE.sub("", text)
    yield from _READ_OUT.findall(text)
    yield re.sub(r"<[^>]*>", "", text) if path.suffix == ".html" else text


def test_words_on_screen_have_curly_quotes():
    paths = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    straight = [
        f"{path.relative_to(ROOT)}: {words[max(0, found.start() - 30) : found.end() + 30]!r}"
        for path in paths
        for words in _words_of(path)
        for found in re.finditer(r"['\"]", words)
    ]
    assert straight == []
    labels = [
        f"{model.__name__}.{field.name}: {label}"
        for model in OUR_MODELS
        for field in model._meta.concrete_fields
        for _, label in field.flatchoices
        if re.search(r"['\"]", str(label))
    ]
    assert labels == []


# A mail program's button to stop mails posts from no page of ours (RFC 8058).
WITHOUT_CSRF_TOKEN = {"programmes/views/mails.py"}


def test_code_marks_nothing_safe_and_takes_no_model_form_whole():
    forbidden = re.compile(r"mark_safe|__all__\"|fields = ['\"]__all__|csrf_exempt|\.extra\(")
    found = [
        str(path.relative_to(ROOT))
        for _, path in _sources()
        if forbidden.search(path.read_text().replace("__all__ = [", ""))
    ]
    assert set(found) == WITHOUT_CSRF_TOKEN


def test_templates_that_get_a_part_also_have_an_address():
    """Each hx-get link has an href, each hx-post form a method and an action."""
    tags = re.compile(r"<(a|form|button)\b[^>]*?hx-(get|post)=[^>]*>", re.S)
    bare = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for tag in tags.finditer(path.read_text()):
            name, text = tag.group(1), tag.group(0)
            wanted = ["href="] if name == "a" else ["method=", "action="]
            if name == "button" or not all(word in text for word in wanted):
                bare.append(f"{path.relative_to(ROOT)}: {text[:80]}")
    assert bare == []


def test_partials_are_named_as_their_root_element():
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for name, body in re.findall(
            r"{%\s*partialdef\s+([\w-]+)\s+inline\s*%}(.*?){%\s*endpartialdef",
            path.read_text(),
            re.S,
        ):
            if not re.match(rf"\s*<\w+[^>]*\bid=\"{re.escape(name)}\"", body):
                wrong.append(f"{path.relative_to(ROOT)}#{name}")
    assert wrong == []


def _tenant_models():
    for model in OUR_MODELS:
        try:
            if model._meta.get_field("authority").related_model is LocalAuthority:
                yield model
        except FieldDoesNotExist:
            continue


# A seed was taken from another authority's words: the one link that crosses, and what is read
# through it is what `smallchanges/inspiration.py` answers.
CROSSES = {("Seed", "share")}


@pytest.mark.parametrize("model", list(_tenant_models()), ids=lambda model: model.__name__)
def test_every_link_between_tenant_rows_stays_in_one_authority(model):
    """Each foreign key from one tenant row to another has its composite key."""
    tenants = set(_tenant_models())
    links = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model in tenants
        and (model.__name__, field.name) not in CROSSES
    }
    held = {
        constraint.field
        for constraint in model._meta.constraints
        if isinstance(constraint, SameAuthority)
    }
    assert held == links


@pytest.mark.django_db
def test_every_constraint_of_the_models_is_in_the_database():
    declared = {constraint.name for model in OUR_MODELS for constraint in model._meta.constraints}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
            " WHERE schemaname = current_schema()"
        )
        present = {name for (name,) in cursor.fetchall()}
    assert declared - present == set()


def test_every_constraint_is_tried():
    """Each named constraint of the models is named in a test that tries to break it."""
    tried = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_constraints*.py"))
    untried = [
        constraint.name
        for model in OUR_MODELS
        for constraint in model._meta.constraints
        if not isinstance(constraint, SameAuthority) and constraint.name not in tried
    ]
    assert untried == []


@pytest.mark.django_db
def test_the_application_is_no_superuser_of_its_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def _actions():
    for floor in FLOORS:
        for path in [ROOT / floor / "actions.py", *sorted((ROOT / floor / "actions").glob("*.py"))]:
            if path.exists():
                tree = ast.parse(path.read_text())
                for node in tree.body:
                    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                        yield f"{path.relative_to(ROOT)}:{node.name}", node, tree


def _calls(node) -> set[str]:
    return {
        call.func.id
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }


def _records(node, tree) -> bool:
    """Directly, or through another function of the same module."""
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    reached, waiting = set(), {node.name}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        called = _calls(functions[name])
        if called & {"record", "record_outside"}:
            return True
        waiting |= (called & functions.keys()) - reached
    return False


# What people give in a room is theirs: history would say who gave it, and when.
GIVEN_IN_A_ROOM = {
    *(f"workshops/actions/room.py:{name}" for name in ("join", "join_as_member")),
    *(
        f"workshops/actions/notes.py:{name}"
        for name in ("write", "change", "take_back", "put_back", "report", "say_done")
    ),
    *(f"workshops/actions/votes.py:{name}" for name in ("cast", "put", "take_back", "mark")),
    *(f"workshops/actions/suggestions.py:{name}" for name in ("suggest", "take_back")),
    "workshops/actions/window.py:ask_for_time",
    # Nor who placed what as one of two voices, there or over days.
    *("blueprints/actions/voices.py:place", "workshops/actions/voices.py:speak"),
    # Nor does history say who offered what in an inbox without their name.
    *(f"smallchanges/actions/inbox.py:{name}" for name in ("offer", "offer_by_mail")),
}
# Nor that somebody answered a survey.
GIVEN_IN_A_ROOM |= {"surveys/actions/voices.py:speak", "surveys/actions/answers.py:answer"}
# It would be a list, for good, of who cheered what.
OWN_AND_GATHERED = {"smallchanges/actions/celebration.py:cheer"}


def test_what_people_give_in_a_room_and_cheers_leave_no_history():
    told = {
        name: _records(node, tree)
        for name, node, tree in _actions()
        if name in GIVEN_IN_A_ROOM | OWN_AND_GATHERED
    }
    assert told == dict.fromkeys(GIVEN_IN_A_ROOM | OWN_AND_GATHERED, False)


def test_every_action_that_writes_records_history():
    """An atomic function of an actions module leaves an audit event in its own transaction."""
    silent = [
        name
        for name, node, tree in _actions()
        if name not in GIVEN_IN_A_ROOM | OWN_AND_GATHERED
        and any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
        and not _records(node, tree)
    ]
    assert silent == []


# Who does it is the person whom the action makes.
BY_NOBODY_YET = {"programmes/actions/invitations.py:accept_as_new_person"}


def test_actions_are_keyword_only_and_say_who():
    loose = [
        name
        for name, node, _ in _actions()
        if name not in BY_NOBODY_YET | GIVEN_IN_A_ROOM
        and any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
        and (
            node.args.args
            or node.args.posonlyargs
            or not {"by"} & {argument.arg for argument in node.args.kwonlyargs}
        )
    ]
    assert loose == []


def test_only_one_module_reads_across_authorities():
    """Rows that cross are read by `smallchanges/inspiration.py`, which answers plain values."""
    reads = re.compile(
        r"\.shared\(|\.shared_before\(|\.from_words_on\(|\b(?:Share|Seed)\.objects\b"
    )
    readers = {
        str(path.relative_to(ROOT)): sorted(set(reads.findall(path.read_text())))
        for _, path in _sources()
        if reads.search(path.read_text())
    }
    # The actions write their own authority's rows, and look at one again once they hold it.
    assert readers == {
        "smallchanges/inspiration.py": [
            *(".from_words_on(", ".shared(", ".shared_before("),
            *("Seed.objects", "Share.objects"),
        ],
        "smallchanges/actions/seeds.py": ["Seed.objects"],
        "smallchanges/actions/shares.py": ["Share.objects"],
        # What others grew goes with the words it grew from; import asks which words are here.
        "impact/actions/erasure.py": ["Seed.objects"],
        "impact/archive_in.py": ["Share.objects"],
    }
