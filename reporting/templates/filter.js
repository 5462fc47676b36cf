"use strict";
// Shows the clauses of one verdict at a time. Without it the page shows all of them and hides these controls.
const filter = document.getElementById("filter");
const status = document.getElementById("shown");
const sections = [...document.querySelectorAll("section.operation")];

function show(verdict) {
  let shown = 0;
  for (const section of sections) {
    let inside = 0;
    for (const clause of section.querySelectorAll("tbody")) {
      clause.hidden = verdict !== "all" && clause.dataset.verdict !== verdict;
      if (!clause.hidden) inside += 1;
    }
    section.hidden = inside === 0;
    shown += inside;
  }
  filter.querySelector(`input[value="${verdict}"]`).checked = true;
  status.textContent = shown === 1 ? "1 clause shown" : `${shown} clauses shown`;
}

// A link to a clause that the filter hides shows it again.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden || target.closest("section[hidden]")) show("all");
  target.scrollIntoView();
}

filter.addEventListener("change", (event) => show(event.target.value));
addEventListener("hashchange", reveal);
filter.hidden = false;
show(filter.querySelector("input:checked").value);
reveal();
