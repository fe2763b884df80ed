// The one script of Sanad. Pages work without it; it only makes them quicker
// for people who type all day: "/" goes to the search, a refused form puts the
// reader on the list of what to mend, forms keep their draft on the server.
import htmx from "htmx.org";

// Nothing that the content security policy forbids: no eval, no inline style.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // no personal data in the browser's storage

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A draft that could not be kept must not look kept: the words come from the page.
document.addEventListener("htmx:sendError", () => {
  const state = document.querySelector("[data-offline]");
  if (state) state.textContent = state.dataset.offline;
});

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();
