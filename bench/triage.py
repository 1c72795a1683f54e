"""G8 and G14: the queue of the desk among a million requests, what is looked for in it, the ladder of late
ones, and a new request against a bare insert.
"""

import re
import time
from datetime import timedelta
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import actions, second_factor
from accounts.models import User
from bench import databases
from bench.bare import Bare
from bench.generator.requests import RARE, TOPICS
from bench.generator.rows import FIRST, key
from bench.rounds import Candidate, Result, alternate, compared
from core import calendar
from enterprises.models import Membership
from services.catalogue.models import Offering
from services.requests import actions as requests
from services.requests import entitlement, ladder
from services.requests.models import RUNNING_STATES, ServiceRequest

SIZE_DOES_NOT_SHOW, SQL, QUERIES = 1.1, 2.0, 5
REFERENCE, SUBJECT = 1.0, 1.5
# So many open requests are late when the ladder is climbed; seconds.
LATE, SWEEP = 50, 2.0
SUBMIT = 15.0
_LOOKUP = """
SELECT request.id, request.reference, request.state, request.subject, request.due_at, request.submitted_at,
  request.paused_at, request.last_message_at, request.last_message_by_staff, request.contact_name,
  enterprise.name, offering.name_zh, offering.name_en, holder.name, holder.email
FROM service_requests_servicerequest AS request
LEFT JOIN enterprises_enterprise AS enterprise ON enterprise.id = request.enterprise_id
LEFT JOIN catalogue_offering AS offering ON offering.id = request.offering_id
LEFT JOIN accounts_user AS holder ON holder.id = request.holder_id
WHERE request.state IN ('submitted', 'in_progress', 'waiting')
ORDER BY request.due_at, request.id LIMIT 100
"""


def results(rounds: int, *, large: str, small: str) -> list[Result]:
    """Measure the page a triage officer opens first, what they look for, the ladder, and a new request."""
    many, few = Desk(large), Desk(small)
    one, other = many.candidate, few.candidate
    floor = Candidate("the rows of the page by index", _look_up, lambda number: databases.use(large))
    alternate(rounds, one, other, floor, warm=3)
    sql = Candidate("SQL of the page", _look_up, seconds=many.sql[-rounds:])
    return [
        compared("G8", f"queue, {many.rows:,} requests against {few.rows:,}", one, other, SIZE_DOES_NOT_SHOW),
        compared(
            "G8", f"SQL of the page ({many.queries} queries) against the rows by index", sql, floor, SQL
        ),
        Result("G8", "statements of the page on requests", many.queries, QUERIES, "queries"),
        *_looked_for(many, rounds),
        *_climbed(rounds),
        *_submitted(large, rounds),
    ]


def _looked_for(desk: "Desk", rounds: int) -> list[Result]:
    """Compare searches of the queue with the queue itself: by reference, in open work, in everything."""
    databases.use(desk.database)
    reference = ServiceRequest.objects.latest("pk").reference
    everything = f"{RARE}&view=all"
    listed = desk.page("the queue", "")
    exact = desk.page("a reference", f"?q={reference}")
    among_open = desk.page("words in open work", f"?q={TOPICS[0]}")
    rare = desk.page("rare words in everything ever received", f"?q={everything}")
    short = desk.page("two characters of them", f"?q={RARE[-2:]}&view=all")
    common = desk.page("common words in everything", f"?q={TOPICS[0]}&view=all")
    nothing = desk.page("words nobody used", "?q=没有这个词&view=all")
    alternate(rounds, listed, exact, among_open, rare, short, common, nothing, warm=2)
    assert RARE in desk.client.get(f"{desk.address}?q={everything}").content.decode()
    subject = "search by subject against the queue:"
    return [
        compared("G8", "search by reference against the queue", exact, listed, REFERENCE),
        compared("G8", f"{subject} in open work", among_open, listed, SUBJECT),
        compared("G8", f"{subject} one in 10,000 of everything", rare, listed, SUBJECT),
        compared("G8", f"{subject} … by two characters", short, listed, SUBJECT),
        compared("G8", f"{subject} one in 8 of everything", common, listed, SUBJECT),
        compared("G8", f"{subject} nothing found", nothing, listed, SUBJECT),
    ]


def _climbed(rounds: int) -> list[Result]:
    """Let the ladder be climbed once by some late requests, then look again and again when none is due."""
    open_rows = ServiceRequest.objects.open().filter(state__in=RUNNING_STATES)
    first, *late = open_rows.order_by("-pk").values_list("pk", flat=True)[: LATE + 1]
    # One climbs before: addresses and texts are loaded once a process.
    _be_late([first])
    requests.escalate_overdue()
    _be_late(late)
    began = time.perf_counter()
    steps = requests.escalate_overdue()
    climbed = time.perf_counter() - began
    sweep = Candidate("the sweep when every step is taken", lambda number: requests.escalate_overdue())
    alternate(rounds, sweep)
    total = ServiceRequest.objects.count()
    print(f"     {sweep.figures}  {sweep.name}; {steps} steps were taken before", flush=True)
    return [
        Result("SLA", f"sweep over {total:,} requests, {steps} steps to take", climbed, SWEEP, "s"),
        Result("SLA", "… when every step is taken", sweep.median, SWEEP, "s"),
        Result("SLA", "… plans that read the whole table", _whole_reads(), 0, "plans"),
    ]


def _be_late(numbers: list[int]) -> None:
    ServiceRequest.objects.filter(pk__in=numbers).update(due_at=timezone.now() - timedelta(minutes=5))


def _whole_reads() -> int:
    """Count the sweep's statements whose plan reads all requests one after another."""
    with CaptureQueriesContext(connection) as captured:
        ladder.lacking(ladder.at(timezone.now(), calendar.present()))
    plans = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            if "service_requests_servicerequest" in query["sql"]:
                cursor.execute("EXPLAIN " + query["sql"])
                plans.append(str(cursor.fetchall()))
    assert plans
    return sum("Seq Scan on service_requests_servicerequest" in plan for plan in plans)


# --- a new request ---------------------------------------------------------------------


def _submitted(database: str, rounds: int) -> list[Result]:
    """Compare a question and the last step of a request with inserting such a row and committing it."""
    databases.use(database)
    floor = Bare(
        "bare insert and commit",
        database,
        {"service_requests_servicerequest": ("id", FIRST + 1)},
        lambda number: {"id": str(number), "key": key(number), "reference": f"B-{number % 10**17}"},
    )
    question = Candidate("a question: form and sending", _ask, lambda number: databases.use(database))
    owner = Owner(database)
    request = Candidate("a request: look at the answers and sending", owner.submit, owner.begin)
    alternate(rounds, floor.candidate, question, request, warm=2)
    floor.close()
    return [
        compared("G14", "a question sent, form read before", question, floor.candidate, SUBMIT),
        compared("G14", "a request sent, answers read before", request, floor.candidate, SUBMIT),
    ]


def _ask(number: int) -> None:
    """Ask as somebody else each time: from one address only five questions an hour are taken."""
    stamp = time.time_ns()
    place = f"10.{stamp >> 16 & 255}.{stamp >> 8 & 255}.{stamp & 255}"
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=place)
    page = client.get(reverse("requests:ask"))
    told = {
        "subject": f"补贴怎么申请 {stamp}",
        "body": f"我们想申请设备补贴，需要什么材料？{stamp}",
        "contact_email": "owner@works.example",
        "form_token": _token(page),
        "csrfmiddlewaretoken": page.cookies[settings.CSRF_COOKIE_NAME].value,
        "send": "1",
    }
    answer = client.post(reverse("requests:ask"), told)
    assert answer.status_code == 302, answer.status_code


def _token(page: Any) -> str:
    """Read the token of a form, as a browser sends it back."""
    return str(re.findall(r'name="form_token" value="([^"]+)"', page.content.decode())[0])


class Owner:
    """Someone with an enterprise, who has written a draft and now sends it."""

    def __init__(self, database: str) -> None:
        self.database = database
        databases.use(database)
        membership = Membership.objects.owners().select_related("user", "enterprise").earliest("pk")
        self.user, self.enterprise = membership.user, membership.enterprise
        self.offering = next(
            offering
            for offering in Offering.objects.can_be_requested().order_by("pk")
            if not entitlement.hindrance(offering, self.enterprise)
        )
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(self.user)
        self.row = ServiceRequest()

    def begin(self, number: int) -> None:
        databases.use(self.database)
        self.row = requests.draft(by=self.user, enterprise=self.enterprise, offering=self.offering)
        answers = {"subject": f"设备联网 {time.time_ns()}", "body": "请人到车间看看。"}
        contact = {"contact_name": "李敏", "contact_phone": "13800000000"}
        requests.save_draft(self.row, by=self.user, **answers, **contact)

    def submit(self, number: int) -> None:
        page = self.client.get(reverse("requests:draft", args=[self.row.key, "check"]))
        told = {
            "form_token": _token(page),
            "csrfmiddlewaretoken": page.cookies[settings.CSRF_COOKIE_NAME].value,
        }
        answer = self.client.post(reverse("requests:submit", args=[self.row.key]), told)
        self.row.refresh_from_db()
        assert (answer.status_code, self.row.state) == (302, "submitted"), answer.status_code


class Desk:
    """The queue page in one database, as a triage officer sees it; notes what its SQL takes."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.sql: list[float] = []
        self.statements: dict[str, float] = {}
        databases.use(database)
        self.rows = ServiceRequest.objects.count()
        self.open = ServiceRequest.objects.open().count()
        self.client = signed_in(Client())
        self.address = reverse("admin:service_requests_servicerequest_changelist")
        name = f"queue page, {self.rows:,} requests, {self.open:,} of them open"
        self.candidate = Candidate(name, self.open_page, lambda number: databases.use(database))

    def page(self, name: str, query: str) -> Candidate:
        """Give a candidate that reads the queue with a query."""
        return Candidate(name, lambda number: self._read(query))

    def _read(self, query: str) -> None:
        answer = self.client.get(self.address + query)
        assert answer.status_code == 200, answer.status_code

    def open_page(self, number: int) -> None:
        self.statements = {}
        with connection.execute_wrapper(self._note):
            answer = self.client.get(self.address)
        assert answer.status_code == 200, answer.status_code
        self.sql.append(sum(self.statements.values()))

    @property
    def queries(self) -> int:
        return len(self.statements)

    def _note(self, execute: Any, statement: str, *rest: Any) -> Any:
        """Take the time of the page's own statements: session, person and permissions do not count."""
        began = time.perf_counter()
        try:
            return execute(statement, *rest)
        finally:
            if "service_requests_" in statement:
                self.statements[statement] = time.perf_counter() - began


def signed_in(client: Client) -> Client:
    """Sign a new triage officer in, the second factor included."""
    officer = User.objects.create_user(f"chen{time.time_ns()}@desk.example", name="Chen")
    actions.set_roles(officer, roles=["triage_officer"], by=None)
    second_factor.set_up(officer)
    client.force_login(officer)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(officer.pk)
    session.save()
    return client


def _look_up(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOOKUP)
        cursor.fetchall()
