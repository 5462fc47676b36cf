"use strict";
// Filter, search and copy. Without this script the page shows everything and hides these controls.
const form = document.getElementById("filter");
const shown = document.getElementById("shown");
const announcement = document.getElementById("announcement");
const sections = [...document.querySelectorAll("section.operation")].map((element) => ({
  element,
  clauses: [...element.querySelectorAll("tbody")].map((row) => ({
    row,
    verdict: row.dataset.verdict,
    level: row.dataset.level,
    operation: element.dataset.operation,
    text: `${row.rows[0].textContent} ${row.dataset.verdict}`.toLowerCase().replace(/\s+/g, " "),
  })),
}));
const FIELDS = ["verdict", "level", "operation", "q"];

const state = () => new URLSearchParams(FIELDS.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value));

function put(wanted) {
  for (const name of ["level", "operation", "q"]) form.elements[name].value = wanted.get(name) ?? "";
  for (const name of ["level", "operation"]) if (form.elements[name].selectedIndex < 0) form.elements[name].value = "";
  const verdicts = [...form.elements.verdict];
  (verdicts.find((each) => each.value === wanted.get("verdict")) ?? verdicts[0]).checked = true;
}

function show() {
  const wanted = state();
  const words = (wanted.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  let number = 0;
  for (const section of sections) {
    let inside = 0;
    for (const clause of section.clauses) {
      const fits = FIELDS.slice(0, 3).every((name) => !wanted.has(name) || clause[name] === wanted.get(name))
        && words.every((word) => clause.text.includes(word));
      clause.row.hidden = !fits;
      if (fits) inside += 1;
    }
    section.element.hidden = inside === 0;
    number += inside;
  }
  shown.textContent = number === 1 ? "1 clause" : `${number} clauses`;
  document.getElementById("nothing").hidden = number > 0;
  document.getElementById("reset").disabled = wanted.size === 0;
  return wanted;
}

// The filter is in the address after "#?", so that a view can be shared; "#id" links to a clause.
function keep() {
  const wanted = show();
  history.replaceState(null, "", wanted.size ? `#?${wanted}` : location.pathname + location.search);
}

function follow() {
  if (location.hash.startsWith("#?")) {
    put(new URLSearchParams(location.hash.slice(2)));
    show();
    document.getElementById("clauses").scrollIntoView();
    return;
  }
  let name = "";
  try { name = decodeURIComponent(location.hash.slice(1)); } catch { /* a malformed address has no target */ }
  const target = name && document.getElementById(name);
  if (!target) return;
  if (target.hidden || target.closest("section[hidden]")) { put(new URLSearchParams()); show(); }
  for (const failure of target.querySelectorAll(".failure > td > details")) failure.open = true;
  target.scrollIntoView();
}

for (const link of document.querySelectorAll("a[data-filter]")) link.href = `#?${link.dataset.filter}`;
for (const button of document.querySelectorAll("button.copy")) button.hidden = false;

async function copy(button) {
  const text = button.parentElement.querySelector("pre");
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
    announcement.textContent = "Copied to the clipboard";
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = "Selected";
    announcement.textContent = "Selected; copy it with the keyboard";
  }
  setTimeout(() => { button.textContent = "Copy"; announcement.textContent = ""; }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  if (button) copy(button);
});
form.addEventListener("input", keep);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(keep)); // the fields are empty only after the event
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select")) return;
  event.preventDefault();
  form.elements.q.focus();
});
// Closed failures are opened for printing and closed again.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll(".failure > td > details:not([open])")];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
addEventListener("hashchange", follow);
form.hidden = false;
show();
follow();
