from core.shelf import Shelf


def test_what_was_longest_not_asked_for_falls_off() -> None:
    shelf: Shelf[str] = Shelf(2)
    shelf.put("a", "one")
    shelf.put("b", "two")
    assert shelf.get("a") == "one"

    shelf.put("c", "three")

    assert [shelf.get(name) for name in "abc"] == ["one", None, "three"]


def test_a_cleared_shelf_is_empty() -> None:
    shelf: Shelf[str] = Shelf(2)
    shelf.put("a", "one")

    shelf.clear()

    assert shelf.get("a") is None
