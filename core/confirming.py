"""Ask once before something is taken away for good: a page that names the thing and can be left."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise


@dataclass(frozen=True)
class Question:
    """What is asked: `title` names the thing, `text` says what follows, `button` what is done.

    `back_url` is where whoever thinks better of it goes on.
    """

    title: str
    text: str | Promise
    button: str | Promise
    back_url: str


def ask(request: HttpRequest, question: Question) -> HttpResponse:
    """Show the question; its button posts to the address it is asked at."""
    return render(request, "confirm.html", {"question": question, "journey": True})
