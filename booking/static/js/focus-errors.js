// focus-errors.js: after a submit, sees that focus is at what went wrong, so that it is read first (`autofocus` mostly did it).
const summary = document.querySelector('[data-behaviour~="focus-errors"]');

if (summary) {
  addEventListener("load", () => {
    if (document.activeElement === document.body) summary.focus();
  });
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const control = field.matches("fieldset") ? field.querySelector("input") ?? field : field;
    control.focus();
    field.scrollIntoView({ block: "center" });
  });
}
