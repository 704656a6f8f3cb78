"""Words that readers stumble over: folds inside letters, escapes, emoji, and titles that would be more than a title."""

from collections.abc import Iterable

from tests.clients.scene import Scene, case

OCTETS = 75
LONGEST = 200  # of a booking's title
SCIENTIST, FLAG, SKIN = "👩🏽‍🔬", "🇳🇴", "🧑🏿‍🤝‍🧑🏻"
COMPONENTS = (
    "a\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM",
    "a\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil@example.invalid\nDTSTART:20270501T100000Z",
    "a\\nEND:VEVENT\\nBEGIN:VEVENT",
    "BEGIN:VEVENT",
    "END:VCALENDAR\r\nBEGIN:VCALENDAR",
)
PROPERTIES = (
    "a\rATTENDEE:mailto:x@example.invalid",
    "a\r\n\tORGANIZER:mailto:x@example.invalid",
    "a\r\n METHOD:CANCEL",
    "a\nSTATUS:CANCELLED",
    "a\x85STATUS:CANCELLED",
    "a\u2028STATUS:CANCELLED\u2029DTSTART:20270501T100000Z",
)
BREAKS = ("vt\x0bff\x0cnel\x85ls\u2028ps\u2029esc\x1bdel\x7f", "\x01\x02\x1f", "tab\there", "linje\nskift", "\ufeffBOM")
BIDI = (
    "\u202eevil\u202c",
    "\u2066x\u2069y\u2067z\u2069",
    "abc\u202d\u202e\u202c",
    "שלום, עולם; \\n",
    "\u200eLRM\u200f",
)
QUOTES = (
    '"quoted":text;PARAM="a"',
    "^n^'^^",
    "'; DROP TABLE booking; --",
    "a:b:c=d",
    "<script>alert(1)</script> &amp; javascript:alert(1)",
    "=1+1",
    "%0D%0ABEGIN:VALARM",
)
ESCAPES = ("semi;comma,back\\slash", "\\\\,\\n\\N\\;", "\\", "\\" * 199, ";," * 99, "\\n" * 99, "ends in \\", "n\\\nn")


def _titled(scene: Scene, titles: Iterable[str], month: int) -> None:
    """One booking for each title, a half-hour each from the first of the month on."""
    room = scene.room(name="Rommet")
    for n, title in enumerate(titles):
        day, half = n // 20 + 1, n % 20
        hour, minute = 8 + half // 2, 30 * (half % 2)
        ends = f"{hour + (minute == 30):02}:{30 - minute:02}"
        scene.book(room, f"2027-{month:02}-{day:02} {hour:02}:{minute:02}-{ends}", title)


def _at_every_offset(word: str) -> list[str]:
    """The word, over and over, after every number of letters that a line can have before it."""
    return [("x" * n + word * LONGEST)[:LONGEST].rstrip("\\") for n in range(OCTETS + 1)]


@case("Norwegian letters at every place where a line can break")
def _(scene: Scene) -> None:
    _titled(scene, _at_every_offset("æøåÆØÅ"), 6)


@case("emoji of many parts at every place where a line can break")
def _(scene: Scene) -> None:
    _titled(scene, (title[:160] for title in _at_every_offset(SCIENTIST + FLAG)), 7)


@case("escapes at every place where a line can break")
def _(scene: Scene) -> None:
    _titled(scene, _at_every_offset("\\;,\n"), 8)


@case("emoji joined, coloured and cut apart")
def _(scene: Scene) -> None:
    apart = SCIENTIST[:2], FLAG[:1], SKIN[1:], "\u200d", "\ufe0f"
    _titled(scene, (SCIENTIST, FLAG * 25, SKIN * 20, "1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ☕️", *apart), 9)


@case("signs that must be escaped")
def _(scene: Scene) -> None:
    _titled(scene, ESCAPES, 1)


@case("titles that would be components")
def _(scene: Scene) -> None:
    _titled(scene, COMPONENTS, 2)


@case("titles that would be properties")
def _(scene: Scene) -> None:
    _titled(scene, PROPERTIES, 3)


@case("line breaks and control characters of all kinds")
def _(scene: Scene) -> None:
    _titled(scene, (*BREAKS, *(["nul\x00here"] if scene.takes_nul else [])), 4)


@case("words that run from right to left, or would turn others around")
def _(scene: Scene) -> None:
    _titled(scene, BIDI, 5)


@case("quotes, colons and markup")
def _(scene: Scene) -> None:
    _titled(scene, QUOTES, 10)


@case("as long as a title can be")
def _(scene: Scene) -> None:
    _titled(scene, ("x" * LONGEST, "å" * LONGEST, "😀" * LONGEST, "e\u0301" * (LONGEST // 2), "ord " * 50), 11)


@case("spaces at both ends, and nothing but spaces")
def _(scene: Scene) -> None:
    _titled(scene, ("  foran og bak  ", " ", "\u00a0hardt\u00a0", "to  mellomrom"), 12)


@case("rooms, sites and categories with hostile names")
def _(scene: Scene) -> None:
    for n, name in enumerate((*COMPONENTS, *PROPERTIES[:2], 'Sal "Å", 2. etg; øst')):
        room = scene.room(name=name[:120])
        scene.book(room, f"2027-04-{n + 1:02} 18:00-19:00", "")


@case("a place with ten thousand characters in its names")
def _(scene: Scene) -> None:
    room = scene.room(category_id=scene.category({"nb": "Å;" * 5000, "en": "BEGIN:VEVENT\r\n" * 700}))
    scene.book(room, "2027-04-01 20:00-21:00", "Langt")
