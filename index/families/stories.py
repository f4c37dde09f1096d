"""Cover stories shared by the families, so that a problem's setting never gives its mathematics away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """The nouns of a setting. Plurals are what the texts need most; singulars stand beside them.

    `item`/`items` can be counted, bought and shared; `container`/`containers` hold items; `bulk` is
    measured in `bulk_unit` (plural) and can be mixed or poured; `machine`/`machines` do work or move;
    `group` is a set of people; `place` completes "at the …"; `path` is something with a length.
    """

    name: str
    people: tuple[str, ...]
    item: str
    items: str
    other_item: str
    other_items: str
    container: str
    containers: str
    bulk: str
    bulk_unit: str
    machine: str
    machines: str
    worker: str
    workers: str
    group: str
    place: str
    path: str


STORIES: dict[str, Story] = {
    story.name: story
    for story in (
        Story("bakery", ("Nora", "Felix", "Amira", "Jonas"), "roll", "rolls", "muffin", "muffins", "tray", "trays",
              "dough", "kilograms", "oven", "ovens", "baker", "bakers", "staff", "bakery", "delivery route"),
        Story("garden", ("Rosa", "Samir", "Greta", "Tariq"), "tulip", "tulips", "shrub", "shrubs", "bed", "beds",
              "compost", "liters", "sprinkler", "sprinklers", "gardener", "gardeners", "garden club", "garden", "hedge"),
        Story("library", ("Ines", "Oskar", "Leila", "Marek"), "book", "books", "magazine", "magazines", "shelf", "shelves",
              "paste", "milliliters", "scanner", "scanners", "librarian", "librarians", "reading circle", "library", "corridor"),
        Story("sports", ("Dara", "Hugo", "Mina", "Pavel"), "ball", "balls", "jersey", "jerseys", "bag", "bags",
              "sports drink", "liters", "pitching machine", "pitching machines", "coach", "coaches", "team", "stadium", "running track"),
        Story("harbor", ("Kaito", "Lena", "Bruno", "Yara"), "crate", "crates", "barrel", "barrels", "container", "containers",
              "fuel", "liters", "crane", "cranes", "docker", "dockers", "crew", "harbor", "quay"),
        Story("school", ("Tessa", "Ravi", "Clara", "Milo"), "notebook", "notebooks", "marker", "markers", "box", "boxes",
              "paint", "liters", "printer", "printers", "teacher", "teachers", "class", "school", "hallway"),
        Story("farm", ("Otto", "Salma", "Ivy", "Georg"), "pumpkin", "pumpkins", "melon", "melons", "basket", "baskets",
              "animal feed", "kilograms", "tractor", "tractors", "farmhand", "farmhands", "harvest team", "farm", "fence"),
        Story("workshop", ("Elif", "Viktor", "Nadia", "Rune"), "bolt", "bolts", "bracket", "brackets", "drawer", "drawers",
              "varnish", "liters", "robot", "robots", "carpenter", "carpenters", "night shift", "workshop", "cable"),
        Story("festival", ("Zoe", "Anton", "Priya", "Luca"), "ticket", "tickets", "wristband", "wristbands", "bundle", "bundles",
              "lemonade", "liters", "generator", "generators", "volunteer", "volunteers", "band", "festival", "parade route"),
        Story("space", ("Cleo", "Emil", "Junko", "Arlo"), "sensor", "sensors", "panel", "panels", "module", "modules",
              "coolant", "liters", "rover", "rovers", "engineer", "engineers", "mission team", "space center", "test track"),
    )
}  # fmt: skip
