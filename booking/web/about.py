"""What Samrom is, how it meets everyone, and what it keeps in the browser."""

from flask import Blueprint, current_app, render_template

from booking.http.access import public

pages = Blueprint("about", __name__)


@pages.get("/about")
@public
def about() -> str:
    """What this is and for whom."""
    return render_template("about/about.html")


@pages.get("/accessibility")
@public
def accessibility() -> str:
    """What we hold ourselves to, and how to tell us where we fail."""
    return render_template("about/accessibility.html")


@pages.get("/cookies")
@public
def cookies() -> str:
    """Each cookie, what it is for, and how long it stays."""
    return render_template("about/cookies.html", days=current_app.extensions["samrom"].session_days)
