"""What resources can offer: one table from a feature's key to its picture and its words."""

from flask_babel import lazy_gettext as _l

FEATURES = {
    "video": ("video", _l("Video")),
    "hybrid": ("video", _l("Hybrid meetings")),
    "screen": ("equipment", _l("Screen")),
    "av": ("event", _l("Sound and picture")),
    "whiteboard": ("whiteboard", _l("Whiteboard")),
    "step_free": ("step-free", _l("Step-free access")),
    "hearing_loop": ("hearing-loop", _l("Hearing loop")),
    "accessible_toilet": ("step-free", _l("Accessible toilet")),
    "adjustable_table": ("desk", _l("Adjustable table")),
    "movable_furniture": ("desk", _l("Movable furniture")),
    "sound_recording": ("event", _l("Sound recording")),
    "catering": ("feature", _l("Catering")),
}


def feature_words(key: str) -> str:
    """The feature in the reader's language; one that is not in the table says itself."""
    known = FEATURES.get(key)
    return str(known[1]) if known else key.replace("_", " ").replace("-", " ").capitalize()
