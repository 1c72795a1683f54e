"""G9: whether it shows how many rows there are: the public pages among many and among few, over HTTP.

What a process keeps of whole pages for visitors is left aside: each page is asked for as by someone who has
been told something, so it is drawn.
"""

from django.urls import reverse

from bench import databases, vouchers
from bench.rounds import Result, alternate, compared
from bench.web import Site
from services.cloud.models import Programme
from services.policies import indexing
from services.policies.models import NoticeSearch, PolicyNotice
from services.policies.query import PAGE_SIZE

SIZE_DOES_NOT_SHOW = 1.2
FILTERED = "/policies/?kind=funding&region=370200"
# Pages that show figures of everything, and those of the catalogue; a word that finds the same in both.
OTHERS = {
    "the home page": "/",
    "the search across everything": "/search/?q=%E6%95%B0%E5%AD%97%E5%8C%96%E8%BD%AC%E5%9E%8B",
    "the open book": "/open/",
    "the services": "/services/",
    "the cloud products": "/cloud/products/",
    "the comparison of products": "/cloud/compare/",
    "the fund": "/cloud/fund/",
    "the platforms and parks": "/industry/places/",
}


def results(rounds: int, *, large: str, small: str) -> list[Result]:
    """Compare each page with the same in the small database; both remember what a process remembers."""
    _even_out(large, small)
    with Site(large) as many, Site(small) as few:
        found = [
            _page("the list, first page", many, few, "/policies/", "/policies/", rounds),
            _page("the list, filtered", many, few, FILTERED, FILTERED, rounds),
            _page("the list, page 40", many, few, "/policies/?page=40", "/policies/?page=40", rounds),
            _page("the list, last page", many, few, _last(many), _last(few), rounds),
            _page("one notice", many, few, _real(many), _real(few), rounds),
        ]
        found += [_page(name, many, few, address, address, rounds) for name, address in OTHERS.items()]
        return [*found, _counted_anew(many, few, rounds)]


def _even_out(large: str, small: str) -> None:
    """Give the small database the programmes an earlier part left in the large one, with few vouchers each.

    Else a page with content would be compared to one without.
    """
    databases.use(large)
    slugs = list(Programme.objects.values_list("slug", flat=True))
    databases.use(small)
    if slugs and not Programme.objects.exists():
        stage = vouchers.Stage()
        for slug in slugs:
            stage.fund(slug.removeprefix("bench-"), vouchers.FEW)


def _page(name: str, many: Site, few: Site, address: str, other: str, rounds: int) -> Result:
    large, small = many.page(f"{name}, {rows(many):,}", address), few.page(f"… {rows(few):,}", other)
    alternate(rounds, large, small, warm=3)
    what = f"{name}: {rows(many):,} notices against {rows(few):,}"
    return compared("G9", what, large, small, SIZE_DOES_NOT_SHOW)


def _counted_anew(many: Site, few: Site, rounds: int) -> Result:
    """Compare the first look at the list after a change: every facet is counted over all notices then."""
    large = many.page("the list after a change", "/policies/", prepare=_change)
    small = few.page("the same among few", "/policies/", prepare=_change)
    alternate(rounds, large, small, warm=3)
    return compared("G9", "the list, once after each change", large, small, None)


def _change(number: int) -> None:
    indexing.mark("notices")


def rows(site: Site) -> int:
    databases.use(site.database)
    return NoticeSearch.objects.count()


def _real(site: Site) -> str:
    """Give the page of a notice that stands in both databases, with its items and versions."""
    databases.use(site.database)
    return reverse(
        "policies:detail", args=[PolicyNotice.objects.filter(items__isnull=False).earliest("pk").slug]
    )


def _last(site: Site) -> str:
    return f"/policies/?page={-(-rows(site) // PAGE_SIZE)}"
