"""By what solutions are narrowed, and how they meet problems, services and cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.facets import Facet
from services.industry.models import CaseStudy, Effort, Solution
from services.industry.problems import problems, scenes


def public_solutions() -> list[Solution]:
    """Return every public solution with its industries; two queries."""
    return list(Solution.objects.public().prefetch_related("industries"))


def facets_for(solutions: Sequence[Solution]) -> tuple[Facet, ...]:
    """Return the facets of the list: problem, scene, industry (none named: any), effort."""
    named = {one.code: one.name for row in solutions for one in row.industries.all()}
    industries: dict[str, str | Promise] = dict(sorted(named.items()))
    return (
        Facet("problem", _("What is wrong"), {p.code: str(p.says) for p in problems().values()}, problems_of),
        Facet("scene", _("Scene"), {code: str(words) for code, words in scenes().items()}, scenes_of),
        Facet(
            "industry",
            _("Industry"),
            industries,
            lambda row: [one.code for one in row.industries.all()] or list(industries),
        ),
        Facet(
            "effort",
            _("Effort"),
            {str(value): label for value, label in Effort.choices},
            lambda row: [str(row.effort)],
        ),
    )


def problems_of(solution: Solution) -> list[str]:
    """Return the problems with a common capability, and a common scene where both name any."""
    return [
        problem.code
        for problem in problems().values()
        if set(problem.capabilities) & set(solution.capabilities)
        and (not problem.scenes or not solution.scenes or set(problem.scenes) & set(solution.scenes))
    ]


def scenes_of(solution: Solution) -> list[str]:
    return list(solution.scenes)


def solutions_for_problem(code: str) -> list[Solution]:
    """Return the public solutions of one problem, the least effort first."""
    found = [row for row in public_solutions() if code in problems_of(row)]
    return sorted(found, key=lambda row: (row.effort, row.position))


def helping_with(capabilities: Collection[str]) -> set[str]:
    """Return those of the capabilities for which a public solution stands; one query. For rooms above."""
    found = Solution.objects.public().helping_with(capabilities).values_list("capabilities", flat=True)
    return {code for codes in found for code in codes} & set(capabilities)


def cases(**of: object) -> list[CaseStudy]:
    """Return the public cases of a provider or a solution with their figures; two queries."""
    rows = CaseStudy.objects.public().filter(**of).select_related("provider", "industry", "region")
    return list(rows.prefetch_related("figures"))
