"""Which calendar program asks, by what it says of itself; only names from this table are kept, never its own words."""

# The first that is found in the User-Agent counts.
PROGRAMS = (
    ("Google-Calendar-Importer", "Google Calendar"),
    ("Thunderbird", "Thunderbird"),
    ("Outlook", "Outlook"),
    ("Microsoft", "Outlook"),
    ("Exchange", "Outlook"),
    ("dataaccessd", "iPhone, iPad"),
    ("iOS", "iPhone, iPad"),
    ("CalendarAgent", "Mac"),
    ("macOS", "Mac"),
    ("Evolution", "Evolution"),
    ("ICSx5", "ICSx5"),
    ("Nextcloud", "Nextcloud"),
    ("vdirsyncer", "vdirsyncer"),
    ("Home", "Home Assistant"),
)


def program_of(user_agent: str) -> str:
    """Empty for one that we do not know."""
    return next((name for mark, name in PROGRAMS if mark in user_agent), "")
