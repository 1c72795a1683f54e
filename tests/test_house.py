"""The walls of the house: what docs/map.md promises about every file, checked over all of them."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from notifications.kinds import every_kind, topic_label
from portal.celery import BEAT, app
from tests import source

BANNED_MODULES = {"services", "utils", "helpers", "common", "misc"}
# A room announces its kinds and checks at start, when the registry is ready and not before.
MAY_IMPORT_LATE = re.compile(r"(^|/)apps\.py$|/migrations/")
SANITISER = "core/richtext.py"
HAN = re.compile(r"[\u4e00-\u9fff]")


def settings_of_the_project():
    return tomllib.loads((source.PROJECT / "pyproject.toml").read_text())


def functions(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_import_runs_down():
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-cache"], cwd=source.PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_every_room_with_tables_keeps_its_shelves():
    contracts = settings_of_the_project()["tool"]["importlinter"]["contracts"]
    kept = next(contract["containers"] for contract in contracts if "containers" in contract)
    rooms = {
        source.name_of(path.parent if path.name == "models.py" else path.parent.parent).replace("/", ".")
        for path in source.files(*source.ROOMS, suffix=".py")
        if path.name == "models.py" or path.parent.name == "models"
    }

    assert rooms - {"portal"} == set(kept)


def test_every_module_is_named_after_an_idea():
    nameless = [
        source.name_of(path)
        for path in source.files(*source.ROOMS, "tests", suffix=".py")
        if path.stem in BANNED_MODULES or (path.parent.name in BANNED_MODULES - {"services"})
    ]

    assert nameless == []


def test_imports_stand_at_the_top():
    late = [
        f"{name}:{node.lineno}"
        for name, tree in source.modules()
        if not MAY_IMPORT_LATE.search(name)
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert late == []


def test_every_test_folder_is_a_package():
    folders = {path.parent for path in source.files("tests", suffix=".py")}

    assert [
        source.name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()
    ] == []


@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.code)
@pytest.mark.parametrize("part", ["subject.txt", "body.txt"])
def test_every_kind_is_worded_for_translation(kind, part):
    words = (source.PROJECT / "templates" / "notifications" / "texts" / kind.code / part).read_text()

    # English stands in the text itself; that its Chinese is complete is for test_catalogues.py.
    assert "gettext(" in templatize(words)
    assert not HAN.search(words)


def test_every_topic_readers_choose_from_has_a_name():
    chosen = {kind.topic for kind in every_kind() if len(kind.frequencies) > 1}

    assert {topic for topic in chosen if topic_label(topic) == topic} == set()


def test_every_periodic_job_is_in_the_one_table():
    app.loader.import_default_modules()
    ours = {name for name, task in app.tasks.items() if not task.__module__.startswith(("celery.", "tests."))}
    known = {name for name in ours if not name.startswith("celery.")}

    assert known == set(BEAT)


# Written in pieces, or this file would find itself.
MACHINE = re.compile(
    "|".join(["/" + "root/", "/" + "work/", "/" + "home/[a-z]", "/" + "tmp/[a-z]", "/" + "opt/[a-z]"])
)
REGISTRY = re.compile("|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)"]))


@pytest.mark.parametrize("stranger", [MACHINE, REGISTRY], ids=["a path of one machine", "a registry host"])
def test_the_tree_names_no(stranger):
    found = [(name, hit.group()) for name, text in source.texts() for hit in [stranger.search(text)] if hit]

    assert found == []


def test_output_is_escaped_everywhere_but_in_the_sanitiser():
    called = {"mark_safe", "SafeString", "SafeText", "html_safe"}
    found = [
        f"{name}:{node.lineno}"
        for name, tree in source.modules()
        if name != SANITISER
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in called)
        or getattr(node, "name", "") == "__html__"
    ]

    assert found == []


def test_only_the_text_size_form_and_the_stop_link_are_excused_from_the_csrf_token():
    excused = [name for name, text in source.texts() if name.endswith(".py") and "csrf" + "_exempt" in text]

    # The first is posted to by mail programs (RFC 8058), and its address is signed. The second stands on
    # every page and changes nothing but the size of the text; the origin is checked instead.
    assert excused == ["notifications/views.py", "portal/preferences.py"]


def test_no_template_switches_escaping_off():
    unescaped = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    places = [
        path
        for path in source.files()
        if path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts
    ]

    assert places
    assert [source.name_of(path) for path in places if unescaped.search(path.read_text())] == []


SQL_CALLS = {"execute", "executemany", "raw", "extra", "RawSQL", "RunSQL", "SQL", "copy"}


def is_put_together(node):
    """Say whether a text is built from pieces: f-string, + or %, or format of anything but psycopg's SQL."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return True
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"format", "join", "replace"}:
        return not (
            isinstance(node.func.value, ast.Call) and getattr(node.func.value.func, "attr", "") == "SQL"
        )
    return False


# What was looked at: the piece put in is SQL that Django or our own grammar made, its values are parameters.
LOOKED_AT = {
    ("notifications/outbox.py", "_write"),  # one of two sources written in the same file
    ("services/policies/matching.py", "fitting"),  # a SELECT of this module around the gates
    ("services/policies/matching.py", "match_all"),  # INSERT … SELECT around a compiled QuerySet
    ("services/policies/models/notices.py", "search"),  # a tsquery condition whose words are parameters
}


def sql_from_pieces(tree):
    """Return the functions in which SQL is handed over that was put together from pieces."""
    return [
        function.name
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in SQL_CALLS
        and node.args
        and is_put_together(node.args[0])
    ]


def test_sql_is_never_put_together_from_pieces():
    found = {(name, function) for name, tree in source.modules() for function in sql_from_pieces(tree)}

    assert found == LOOKED_AT


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("cursor.execute(f'select {name}')", True),
        ("cursor.execute('select ' + name)", True),
        ("cursor.execute('select %s' % name)", True),
        ("Notice.objects.raw('select {}'.format(name))", True),
        ("RawSQL(f'{name} > 1', [])", True),
        ("cursor.execute('select %s', [name])", False),
        ("cursor.execute(sql.SQL('select {}').format(sql.Identifier(name)))", False),
    ],
)
def test_the_look_for_put_together_sql_can_find_it(code, caught):
    assert bool(sql_from_pieces(ast.parse(f"def f():\n    {code}"))) is caught


def test_every_dependency_has_its_reason():
    project = settings_of_the_project()
    declared = project["project"]["dependencies"] + [
        name for group in project["dependency-groups"].values() for name in group
    ]
    decision = (source.PROJECT / "docs" / "decisions" / "0002-dependencies.md").read_text()
    reasoned = re.findall(r"(?m)^\| ([\w-]+) \| (?!Reason)", decision.replace("| Package | Reason |", ""))

    assert sorted(reasoned) == sorted(re.match(r"[\w-]+", name).group() for name in declared)


def test_no_page_of_the_documentation_leads_nowhere():
    broken = [
        f"{source.name_of(page)}: {target}"
        for page in source.files(suffix=".md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_promise_names_tests_that_exist():
    named = re.findall(r"`(tests/[\w/]+(?:\.py|/))`", (source.PROJECT / "docs" / "quality.md").read_text())

    assert len(named) > 60
    assert [name for name in named if not (source.PROJECT / name).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/map.md", "docs/recipes.md"])
def test_every_place_that_leads_newcomers_is_there(page):
    """Paths may begin inside a room, as the pages write them."""
    places = {source.name_of(path) for path in source.files()}
    places |= {str(folder) for place in places for folder in Path(place).parents}
    named = re.findall(r"`(\w[\w.-]*/[\w./-]*)`", (source.PROJECT / page).read_text())
    lost = [
        name for name in named if not any(f"/{place}".endswith(f"/{name.rstrip('/')}") for place in places)
    ]

    assert (len(named) > 0, lost) == (True, [])


MUTE = re.compile(r"# (noqa(: [A-Z0-9, ]+)?|type: ignore(\[[^]]+\])?)$")


def test_whoever_passes_over_a_check_says_why():
    mute = [
        f"{source.name_of(path)}:{number}"
        for path in source.files(*source.ROOMS, "bench", "tests", suffix=".py")
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MUTE.search(line)
    ]

    assert mute == []


def test_every_decision_has_its_number_and_its_day():
    folder = source.PROJECT / "docs" / "decisions"
    nameless = [
        path.name
        for path in sorted(folder.iterdir())
        if not re.match(rf"# {path.name[:4]}\. \S.*\n\nDecided on \d{{4}}-\d\d-\d\d\.", path.read_text())
    ]

    assert nameless == []
