"""F-13: no file can grow, of the web, its logs, the workers, PostgreSQL; then there is room again."""

import pytest

from tests.factories.files import PDF
from tests.faults.rig import FIGURES, eventually, limit_files
from tests.faults.visitors import visitor

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
LICENCE = "/enterprise/licence/"
WHO = {"email": "li@visitor.test", "password": "a long enough one"}
FULL = 1000  # bytes: less than has been logged by then
# One that stays in memory until it is stored, one that passes through the temporary directory.
SIZES = {"in memory": 300_000, "by the temporary directory": 4_000_000}


def papers(portal):
    """Return the bytes that lie in the store, by file."""
    media = portal.home / "media"
    return sorted(path.stat().st_size for path in media.rglob("*") if path.is_file())


def paper(size):
    """Return a PDF with a comment of so many bytes."""
    return PDF.replace(b"trailer", b"%" + b"x" * size + b"\ntrailer")


def hand_in(li, size):
    return li.upload(LICENCE, li.open_form(LICENCE), licence=paper(size))


def hand_in_or_be_cut_off(li, size):
    """Return the status; None where the line is cut while the form is still on its way."""
    try:
        return hand_in(li, size).status
    except ConnectionError:
        return None


def start(portal):
    """Start web and worker, sign Li in; return her and the processes."""
    parts = [portal.web(), portal.worker()]
    portal.beat()
    portal.stage("works", **WHO)
    li = visitor(portal.port, 0)
    li.sign_in(**WHO)
    return li, parts


def fill_up(parts, size=FULL):
    for part in parts:
        limit_files(part.process.pid, size)


def test_a_full_disk_takes_no_file_keeps_the_rest_going_and_leaves_nothing_behind(portal):
    with portal() as p:
        li, parts = start(p)
        fill_up(parts)

        answers = {what: hand_in(li, size).status for what, size in SIZES.items()}
        one = visitor(p.port, 1)
        asked = one.reference_after(one.post("/requests/ask/", one.question(1)))

        assert answers == dict.fromkeys(SIZES, 503)
        assert (papers(p), p.number("select count(*) from core_storedfile")) == ([], 0)
        assert asked
        eventually(lambda: p.mailbox.recipients == ["visitor1@visitor.test"], FIGURES.patience, "not told")

        fill_up(parts, -1)
        assert {hand_in(li, size).status for size in SIZES.values()} == {302}
        assert papers(p) == sorted(len(paper(size)) for size in SIZES.values())
        assert p.number("select count(*) from core_storedfile") == len(SIZES)


def test_when_postgresql_has_no_room_visitors_keep_their_text_and_come_back(portal):
    with portal(store={}) as p:
        p.web()
        forms = [(one, one.question(n)) for n in range(4) for one in [visitor(p.port, n)]]
        before = forms[0][0].reference_after(forms[0][0].post("/requests/ask/", forms[0][1]))
        p.store.limit_files(8192)

        answers = [one.post("/requests/ask/", form) for one, form in forms[1:]]

        assert {answer.status for answer in answers} == {503}
        assert all("How does one begin?" in answer.text for answer in answers)
        p.store.start()
        again = [one.reference_after(one.post("/requests/ask/", form)) for one, form in forms[1:]]
        rows = [row[0] for row in p.ask("select reference from service_requests_servicerequest")]
        assert sorted(rows) == sorted([before, *again])


def test_without_care_a_full_disk_breaks_the_page_and_leaves_half_a_file(portal):
    with portal(without="room for trouble") as p:
        li, parts = start(p)
        fill_up(parts)

        assert hand_in(li, SIZES["in memory"]).status == 503
        assert papers(p) == [FULL]
        assert hand_in_or_be_cut_off(li, SIZES["by the temporary directory"]) in {500, None}
