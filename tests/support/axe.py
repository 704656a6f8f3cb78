"""Asks axe whether a page keeps WCAG 2.2 A and AA."""

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """One line for each rule broken and where; an accessible page gives none. The script is read once for each page."""
    if not page.evaluate("() => typeof window.axe === 'object'"):
        page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = page.evaluate("async options => (await axe.run(document, options)).violations", OPTIONS)
    return [
        f"{broken['id']}: {broken['help']}: {', '.join(' '.join(map(str, node['target'])) for node in broken['nodes'])}"
        for broken in found
    ]
