// copy.js: a button beside an address copies it and says so.
for (const box of document.querySelectorAll('[data-behaviour~="copy"]')) {
  const button = box.querySelector("button");
  const field = box.querySelector("input");
  const status = box.querySelector('[role="status"]');
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = box.dataset.copied));
  });
}
