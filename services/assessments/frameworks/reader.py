"""Read the parts of a question bank from plain data, and whether they fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from core.criteria import CriteriaError, Criterion, read_all
from services.assessments.frameworks.schema import (
    Condition,
    Dimension,
    Framework,
    Group,
    Input,
    Item,
    Kind,
    Level,
    Option,
    Remedy,
    Total,
    Vector,
)
from services.assessments.frameworks.values import Fault, Place, Values


class Reader(Values):
    """Turns the plain data of a file into a Framework."""

    def framework(self, data: Any) -> Framework | None:
        top = self.map(data, ())
        portal = self.map(top.get("portal"), ("portal",))
        place: Place = ("portal",)
        if not portal:
            self.fault(("portal",), "missing")
            return None
        read = Framework(
            code=self.text(portal, "code", place),
            edition=self.text(top, "edition", ()),
            title=self.words(top, "title", ()),
            dimensions=tuple(self.dimension(row, at) for row, at in self.rows(top, "dimensions", ())),
            levels=tuple(self.levels(top)),
            total=self.known(Total, portal.get("total"), (*place, "total"), Total.SUM),
            minutes=self.count(portal, "minutes", place),
            source=self.words(portal, "source", place),
            note=self.words_or_none(portal, "note", place),
            ceiling=self.words_or_none(portal, "ceiling", place),
            fact=str(portal.get("fact") or ""),
            guests=portal.get("guests") is True,
            replaces=self.replaced(portal),
            remedies=self.remedies(portal),
            vectors=tuple(self.vectors(top)),
        )
        if not self.faults:
            self.conditions(read)
        return None if self.faults else read

    def dimension(self, data: Any, place: Place) -> Dimension:
        data = self.map(data, place)
        scored = data.get("scored") is not False
        kind = "indicators" if scored or "indicators" in data else "groups"
        return Dimension(
            id=self.new_id(data, place),
            title=self.words(data, "title", place),
            scored=scored,
            groups=tuple(self.group(row, at, scored=scored) for row, at in self.rows(data, kind, place)),
            worth=self.worth(data, place) if scored else None,
        )

    def worth(self, data: dict[str, Any], place: Place) -> Fraction | None:
        if "worth" not in data:
            return None
        found = self.number(data["worth"], (*place, "worth"))
        if found <= 0:
            self.fault((*place, "worth"), "not_a_number")
        return found

    def group(self, data: Any, place: Place, *, scored: bool) -> Group:
        """Read a group; what it says under `only_if` holds for each of its items."""
        data = self.map(data, place)
        of_scenes = not scored and "questions" not in data
        common = self.only_if(data, place)
        found = []
        for row, at in self.rows(data, "scenes" if of_scenes else "questions", place):
            read = self.scene(row, at) if of_scenes else self.question(row, at, scored=scored)
            found.append(replace(read, only_if=(*common, *read.only_if)))
        return Group(id=self.new_id(data, place), title=self.words(data, "title", place), items=tuple(found))

    def only_if(self, data: dict[str, Any], place: Place) -> tuple[Condition, ...]:
        """Read when something is asked: an answer given on an earlier page, facts, or both."""
        if "only_if" not in data:
            return ()
        at = (*place, "only_if")
        pair = self.map(data["only_if"], at)
        for key in pair:
            if key not in ("item", "options", "facts"):
                self.fault((*at, key), "not_known")
        item = self.text(pair, "item", at) if "facts" not in pair or "item" in pair else ""
        options = tuple(str(one) for one, _at in self.rows(pair, "options", at)) if item else ()
        line = self.lines.get(at, 1)
        return (Condition(item, options, self.criteria(pair, at), line),)

    def criteria(self, data: dict[str, Any], place: Place) -> tuple[Criterion, ...]:
        """Read criteria in the form policies store them; whoever publishes asks whether the facts exist."""
        if "facts" not in data:
            return ()
        try:
            return read_all(data["facts"])
        except CriteriaError as error:
            row = (error.position - 1,) if error.position else ()
            self.fault((*place, "facts", *row), "bad_criterion")
            return ()

    def conditions(self, framework: Framework) -> None:
        """Refuse conditions nobody can meet, and parts of which nothing might be asked."""
        seen: dict[str, Item] = {}
        for section in framework.sections:
            for condition in (one for item in section.items for one in item.only_if if one.item):
                asked = seen.get(condition.item)
                if asked is None:
                    code = "not_before" if condition.item in framework.items else "not_known"
                    self.faults.append(Fault(condition.line, f"only_if.{condition.item}", code))
                elif set(condition.options) - set(asked.by_id):
                    self.faults.append(Fault(condition.line, "only_if.options", "not_known"))
            seen |= {item.id: item for item in section.items}
        for number, dimension in enumerate(framework.dimensions):
            if dimension.scored and not any(item.max_points and not item.only_if for item in dimension.items):
                self.fault(("dimensions", number), "never_asked")

    def question(self, data: Any, place: Place, *, scored: bool = True) -> Item:
        data = self.map(data, place)
        options = tuple(self.option(row, at, scored=scored) for row, at in self.rows(data, "options", place))
        self.no_option_twice(options, place)
        share = self.share(data, place)
        return Item(
            id=self.new_id(data, place),
            title=self.words(data, "title", place),
            kind=self.known(Kind, data.get("type"), (*place, "type"), Kind.SINGLE),
            options=options,
            hint=self.words_or_none(data, "help", place),
            confidence=str(data.get("confidence") or ""),
            inputs=tuple(self.inputs(data, place)) if share else (),
            share=share,
            only_if=self.only_if(data, place),
        )

    def scene(self, data: Any, place: Place) -> Item:
        data = self.map(data, place)
        options = tuple(
            Option(str(self.count(row, "level", at)), self.words(row, "label", at), Fraction(0))
            for row, at in self.rows(data, "levels", place)
        )
        if [option.id for option in options] != [str(level) for level in range(len(options))]:
            self.fault((*place, "levels"), "option_scale")
        return Item(
            id=self.new_id(data, place),
            title=self.words(data, "title", place),
            kind=Kind.SCENE,
            options=options,
            hint=self.words_or_none(data, "help", place),
            constrained=data.get("constrained") is True,
            confidence=str(data.get("constrained_confidence") or data.get("confidence") or ""),
            only_if=self.only_if(data, place),
        )

    def option(self, data: Any, place: Place, *, scored: bool) -> Option:
        data = self.map(data, place)
        bounds = self.map(data.get("bin") or {}, (*place, "bin"))
        return Option(
            id=self.text(data, "id", place),
            label=self.words(data, "label", place),
            points=self.number(data.get("points"), (*place, "points")) if scored else Fraction(0),
            exclusive=data.get("exclusive") is True,
            above=self.number(bounds["gt"], place) if bounds.get("gt") is not None else None,
            upto=self.number(bounds["lte"], place) if bounds.get("lte") is not None else None,
        )

    def no_option_twice(self, options: tuple[Option, ...], place: Place) -> None:
        ids = [option.id for option in options]
        if len(ids) != len(set(ids)):
            self.fault((*place, "options"), "twice")

    def share(self, data: dict[str, Any], place: Place) -> tuple[str, str] | None:
        compute = data.get("compute")
        if not compute:
            return None
        parts = str(compute).split()
        if len(parts) == 5 and parts[1] == "/" and parts[3:] == ["*", "100"]:
            return parts[0], parts[2]
        self.fault((*place, "compute"), "not_known")
        return None

    def inputs(self, data: dict[str, Any], place: Place) -> Iterator[Input]:
        for row, at in self.rows(data, "inputs", place):
            pair = self.map(row, at)
            yield Input(self.text(pair, "id", at), self.words(pair, "label", at), str(pair.get("unit") or ""))

    def levels(self, top: dict[str, Any]) -> Iterator[Level]:
        last: Fraction | None = None
        rule = self.map(top.get("overall_level"), ("overall_level",))
        for row, at in self.rows(rule, "levels", ("overall_level",)):
            data = self.map(row, at)
            floor = data.get("min_score", data.get("above"))
            if floor is not None:
                bound = self.number(floor, at)
                if last is not None and bound <= last:
                    self.fault(at, "levels_not_rising")
                last = bound
            yield Level(
                level=self.count(data, "level", at),
                title=self.words(data, "title", at),
                min_score=self.number(data["min_score"], at) if "min_score" in data else None,
                above=self.number(data["above"], at) if "above" in data else None,
                min_scenes=self.count(data, "min_scenes", at),
                min_constrained=self.count(data, "min_constrained_scenes", at),
                scene_level=self.count(data, "scene_level", at),
            )

    def replaced(self, portal: dict[str, Any]) -> dict[str, str]:
        given = self.map(portal.get("replaces") or {}, ("portal",))
        return {str(new): str(old) for new, old in given.items()}

    def remedies(self, portal: dict[str, Any]) -> dict[str, Remedy]:
        """Read which capability helps with an item (`portal.remedies`, by item id)."""
        place: Place = ("portal", "remedies")
        found = {}
        for item, row in self.map(portal.get("remedies") or {}, place).items():
            at = (*place, item)
            pair = self.map(row, at)
            found[str(item)] = Remedy(self.text(pair, "capability", at), self.count(pair, "effort", at))
            if str(item) not in self.ids:
                self.fault(at, "not_known")
        return found

    def vectors(self, top: dict[str, Any]) -> Iterator[Vector]:
        for number, row in enumerate(top.get("test_vectors") or []):
            place: Place = ("test_vectors", number)
            data = self.map(row, place)
            answers = {
                **self.map(data.get("answers") or {}, place),
                **self.map(data.get("scenes") or {}, place),
            }
            yield Vector(
                id=self.text(data, "id", place),
                answers={
                    str(item): tuple(map(str, chosen)) if isinstance(chosen, list) else (str(chosen),)
                    for item, chosen in answers.items()
                },
                score=self.number(data.get("expected_score"), (*place, "expected_score")),
                level=self.count(data, "expected_level", place),
            )
