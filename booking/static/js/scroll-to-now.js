// scroll-to-now.js: opens the timeline at the present hour, with the last hour still in sight.
for (const frame of document.querySelectorAll('[data-behaviour~="scroll-to-now"]')) {
  const line = frame.querySelector("[data-now] line");
  const names = frame.querySelector(".timeline-name");
  if (!line || !names) continue;
  const slot = (frame.querySelector("table").offsetWidth - names.offsetWidth) / Number(frame.dataset.columns);
  const hour = (slot * 60) / Number(frame.dataset.slot);
  const now = line.getBoundingClientRect().left - frame.getBoundingClientRect().left + frame.scrollLeft;
  frame.scrollLeft = Math.max(0, now - names.offsetWidth - hour);
}
