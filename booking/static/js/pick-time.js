// pick-time.js: inside a free stretch, the pointer or the arrow keys choose when to start; without it, one starts at its beginning.
const HOUR = 60;
const DAY = 24 * HOUR;

const minutes = (clock) => {
  const [hours, rest] = clock.split(/[.:]/).map(Number);
  return hours * HOUR + rest;
};
const two = (number) => String(number).padStart(2, "0");
const clock = (total, mark) => two(Math.floor(total / HOUR) % 24) + mark + two(total % HOUR);

// On the two nights when the clock is moved, columns and wall clock part; there one starts at the beginning.
function isSteady(link, slot) {
  const shown = minutes(link.dataset.to) - minutes(link.dataset.from);
  return (shown - link.closest("td").colSpan * slot) % DAY === 0;
}

function ghostOf(link) {
  let ghost = link.querySelector(".cell-pick");
  if (!ghost) {
    ghost = document.createElement("span");
    ghost.className = "cell-pick";
    ghost.setAttribute("aria-hidden", "true");
    ghost.append(Object.assign(document.createElement("span"), { className: "cell-pick-text" }));
    link.append(ghost);
  }
  return ghost;
}

function pick(link, column, slot) {
  if (!isSteady(link, slot)) return;
  const stretch = { from: minutes(link.dataset.from), columns: link.closest("td").colSpan };
  const length = Math.min(HOUR / slot, stretch.columns);
  const first = Math.max(0, Math.min(column, stretch.columns - Math.min(length, HOUR / 2 / slot)));
  const start = stretch.from + first * slot;
  const ghost = ghostOf(link);
  ghost.style.insetInlineStart = `${(100 * first) / stretch.columns}%`;
  ghost.style.inlineSize = `${(100 * Math.min(length, stretch.columns - first)) / stretch.columns}%`;
  ghost.firstChild.textContent = link.dataset.ask.replace("{time}", clock(start, link.dataset.from.includes(".") ? "." : ":"));
  link.classList.add("is-picking");
  link.dataset.column = first;
  const address = new URL(link.dataset.href, location.href);
  address.searchParams.set("start", clock(start, ":"));
  const end = Math.min(start + HOUR, stretch.from + stretch.columns * slot);
  if (end >= DAY) address.searchParams.delete("end");
  else if (address.searchParams.has("end")) address.searchParams.set("end", clock(end, ":"));
  link.href = address;
}

function leave(link) {
  link.classList.remove("is-picking");
  link.querySelector(".cell-pick")?.remove();
  delete link.dataset.column;
  link.href = link.dataset.href;
}

for (const frame of document.querySelectorAll('[data-behaviour~="pick-time"]')) {
  const slot = Number(frame.dataset.slot);
  const steps = Math.max(1, 15 / slot);
  for (const link of frame.querySelectorAll(".cell-free")) link.dataset.href = link.getAttribute("href");

  frame.addEventListener("pointermove", (event) => {
    const link = event.target.closest(".cell-free");
    if (!link || event.pointerType === "touch") return;
    const box = link.getBoundingClientRect();
    const column = ((event.clientX - box.left) / box.width) * link.closest("td").colSpan;
    pick(link, Math.floor(column / steps) * steps, slot);
  });
  frame.addEventListener("pointerout", (event) => {
    const link = event.target.closest(".cell-free");
    if (link && !link.contains(event.relatedTarget)) leave(link);
  });
  frame.addEventListener("focusout", (event) => event.target.matches(".cell-free") && leave(event.target));
  frame.addEventListener("keydown", (event) => {
    const step = { ArrowRight: steps, ArrowLeft: -steps }[event.key];
    if (!step || !event.target.matches(".cell-free") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pick(event.target, Number(event.target.dataset.column ?? 0) + step, slot);
  });
}
