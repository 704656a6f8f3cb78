"""Asks axe whether a page keeps WCAG 2.2 A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line for each rule broken and where; an accessible page gives none."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{broken['id']}: {broken['help']}: {', '.join(' '.join(map(str, node['target'])) for node in broken['nodes'])}"
        for broken in found.response["violations"]
    ]
