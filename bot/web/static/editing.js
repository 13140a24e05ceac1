// A question that was asked, put back in the box to be changed: it and what followed it give way to the new one.

import { put } from "./composer.js";
import { form, turns } from "./dom.js";

let draft = "";

// The turns that the question in the box replaces, the first of them the one that is changed.
export function replaced() {
  return form.instead.value ? [...turns.querySelectorAll(".turn.leaving")] : [];
}

export function stop() {
  mark("");
  form.instead.value = "";
  form.querySelector("[data-editing]").hidden = true;
}

function begin(link) {
  const turn = link.closest(".turn");
  if (!form.instead.value) draft = form.question.value;
  form.instead.value = turn.id;
  form.querySelector("[data-editing]").hidden = false;
  mark(turn.id);
  put(link.dataset.edit);
  form.question.focus();
}

function cancel() {
  stop();
  put(draft);
  draft = "";
  form.question.focus();
}

function mark(id) {
  const all = [...turns.querySelectorAll(".turn")];
  const from = id ? all.findIndex((each) => each.id === id) : -1;
  all.forEach((each, at) => each.classList.toggle("leaving", from >= 0 && at >= from));
}

if (form && turns) {
  turns.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (turns.getAttribute("aria-busy") !== "true") begin(link);
  });
  form.querySelector("[data-edit-off]").addEventListener("click", (event) => {
    event.preventDefault();
    cancel();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !form.instead.value || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  });
  mark(form.instead.value); // opened by the link itself, or refused without scripts
  const removing = document.querySelector("[data-delete]");
  if (removing) {
    removing.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !removing.open) return;
      removing.open = false;
      removing.querySelector("summary").focus();
    });
  }
}
