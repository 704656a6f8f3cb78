// focus-errors.js: after a submit, moves focus to what went wrong, so that it is read first.
const summary = document.querySelector('[data-behaviour~="focus-errors"]');

if (summary) {
  summary.focus();
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
