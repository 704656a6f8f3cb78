// clock-time.js: writes 9, 0900 and 9.00 out as 09:00 when the field is left; the server reads them all without it.
const READABLE = /^\s*(\d{1,2})(?:[.:\s]?([0-5]\d))?\s*$/;

for (const field of document.querySelectorAll('[data-behaviour~="clock-time"]')) {
  field.addEventListener("change", () => {
    const [, hours, minutes = "00"] = READABLE.exec(field.value) ?? [];
    if (hours !== undefined && Number(hours) <= 24) field.value = `${hours.padStart(2, "0")}:${minutes}`;
  });
}
