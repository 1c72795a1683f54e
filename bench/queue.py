"""G8: the queue of the desk with very many requests, against the same page with few, and its SQL."""

import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import actions, second_factor
from accounts.models import User
from bench import databases
from bench.rounds import Candidate, Result, alternate, compared
from services.requests.models import ServiceRequest

SIZE_DOES_NOT_SHOW, SQL = 1.1, 2.0
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
    """Measure the page a triage officer opens first."""
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
    ]


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

    def open_page(self, number: int) -> None:
        self.statements = {}
        with connection.execute_wrapper(self._note):
            answer = self.client.get(self.address)
        assert answer.status_code == 200, answer.status_code  # noqa: S101
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
