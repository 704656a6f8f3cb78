// live-verdict.js: asks the server for its verdict when a field is left, and shows it once; without it, submit shows it.
// <form data-behaviour="live-verdict" data-verdict-url="…" data-verdict-region="verdict">
const TICKED = 'select, [type="checkbox"], [type="radio"]';

function payload(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

async function ask(form, region, body, signal) {
  const answer = await fetch(form.dataset.verdictUrl, {
    method: "POST",
    body,
    signal,
    credentials: "same-origin",
    headers: { Accept: "text/html", "X-Requested-With": "fetch" },
  });
  // 422 is an answer too: a verdict that says no.
  if (answer.redirected || (!answer.ok && answer.status !== 422 && answer.status !== 409)) return;
  const html = (await answer.text()).trim();
  if (html !== region.dataset.shown) {
    region.innerHTML = html;
    region.dataset.shown = html;
  }
}

function watch(form) {
  const region = document.getElementById(form.dataset.verdictRegion);
  if (!region) return;
  let asked = payload(form).toString();
  let stale = new AbortController();

  async function look() {
    const body = payload(form);
    if (body.toString() === asked || form.querySelector("[required]:invalid")) return;
    asked = body.toString();
    stale.abort();
    stale = new AbortController();
    region.setAttribute("aria-busy", "true");
    const mine = stale;
    try {
      await ask(form, region, body, mine.signal);
    } catch (problem) {
      // A newer question, or no network: the server judges again on submit.
      if (problem.name !== "AbortError") asked = "";
    } finally {
      if (mine === stale) region.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("focusout", (event) => {
    if (event.target.matches("input, select, textarea")) look();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches(TICKED)) look();
  });
}

document.querySelectorAll('[data-behaviour~="live-verdict"]').forEach(watch);
