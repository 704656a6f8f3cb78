"""What a tape measure says of a page: what scrolls sideways, and what is too small for a thumb."""

from playwright.sync_api import Page

SMALLEST, PRIMARY = 24, 44

SIDEWAYS = """() => {
  const whole = document.scrollingElement;
  if (whole.scrollWidth <= whole.clientWidth) return [];
  const name = (one) => `${one.localName}#${one.id}.${one.className}`;
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > whole.clientWidth + 1 && !one.closest("[tabindex='0']"))
    .slice(0, 4).map(name).concat(`${whole.scrollWidth} > ${whole.clientWidth}`);
}"""

SMALL = """([smallest, primary]) => {
  const inSentence = (one) => one.localName === "a" && getComputedStyle(one).display === "inline"
    && [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
  const pressed = (one) => (one.matches("[type=radio], [type=checkbox]") ? one.closest("label") ?? one : one);
  const name = (one) => `${one.localName} “${(one.ariaLabel ?? one.textContent).trim().slice(0, 40)}”`;
  const said = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.type === "hidden" || inSentence(one)) continue;
    const { width, height, bottom } = pressed(one).getBoundingClientRect();
    if (width <= 1 || height <= 1 || bottom < 0) continue;
    const least = one.matches(".button-primary") ? primary : smallest;
    if (width < smallest - 0.5 || height < least - 0.5)
      said.push(`${name(one)} ${Math.round(width)}×${Math.round(height)}`);
  }
  return said;
}"""


def sideways(page: Page) -> list[str]:
    """What makes the page itself wider than its window; scrollers that take the keyboard may be wider inside."""
    return [f"wider than the window: {each}" for each in page.evaluate(SIDEWAYS)]


def small_targets(page: Page) -> list[str]:
    """What is smaller than 24 px, or than 44 px when it is the page's main button; links in sentences are exempt."""
    return [f"too small: {each}" for each in page.evaluate(SMALL, [SMALLEST, PRIMARY])]


def double_text(page: Page) -> None:
    """Text at 200 %, as somebody with weak sight sets it in the browser."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
