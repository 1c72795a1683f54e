"""A connection that was lost between two requests is opened anew; an error of the question itself is not."""

import pytest
from django.db import DatabaseError, connection

from core import alive


def number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_opened_anew() -> None:
    number()
    connection.connection.close()

    assert alive.first(number) == 7


@pytest.mark.django_db(transaction=True)
def test_a_wrong_question_is_asked_once() -> None:
    asked = []

    def wrong() -> None:
        asked.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing")

    number()
    with pytest.raises(DatabaseError):
        alive.first(wrong)

    assert asked == [1]
