"""The map of the cities: sixteen squares, none over another, the fullest the darkest."""

from core.tiles import PLACES, SHADES, short_name, tile_map


def test_every_city_has_a_square_of_its_own() -> None:
    drawn = tile_map({}, {}, title="t")

    assert len({(tile.x, tile.y) for tile in drawn.tiles}) == len(PLACES) == 16
    assert all(tile.x + drawn.side <= drawn.width for tile in drawn.tiles)
    assert all(tile.y + drawn.side <= drawn.height for tile in drawn.tiles)


def test_the_shade_follows_the_number_and_what_is_hidden_stays_faint() -> None:
    drawn = tile_map({"370200": 9, "370100": 1, "370600": None}, {"370200": "青岛"}, title="t", hidden="<5")

    shown = {tile.name: (tile.figure, SHADES.index((tile.fill, tile.ink))) for tile in drawn.tiles}
    assert shown["青岛"] == ("9", 3)
    assert (shown["370100"], shown["370600"], shown["371000"]) == (("1", 1), ("<5", 0), ("0", 0))


def test_a_map_that_leads_somewhere_is_no_picture() -> None:
    still, leading = (tile_map({}, {}, title="t", urls=urls) for urls in (None, {"370200": "/x/"}))

    assert (still.role, leading.role) == ("img", "group")


def test_a_city_loses_its_ending() -> None:
    assert (short_name("青岛市"), short_name("Qingdao City")) == ("青岛", "Qingdao")
