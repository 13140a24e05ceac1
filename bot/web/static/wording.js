// What a language model says below an answer, and putting it away.

import { form, make, tell, turns } from "./dom.js";

// What a language model says of an answer, as far as it is held to its sources; null where it is not to be trusted.
export function word(turn, wording) {
  const box = turn.querySelector("[data-wording]");
  if (!box) return;
  box.hidden = !wording || "away" in box.dataset;
  box.querySelector("h3").textContent = wording ? wording.title : "";
  box.querySelector(".words").textContent = wording ? wording.text : "";
  box.querySelector("ol").replaceChildren(...(wording ? wording.sources : []).map(source));
}

// The extract alone: here, and for the questions that follow as long as the box under the form stays ticked.
export function putAway(box) {
  const ticked = form && form.elements.plain;
  box.dataset.away = "";
  box.hidden = true;
  (ticked || box.closest(".turn").querySelector("[data-copy-answer]")).focus({ preventScroll: true });
  if (!ticked) return;
  ticked.checked = true;
  tell(box, "Đã ẩn. Các câu sau cũng chỉ trích nguyên văn, tới khi bỏ dấu ở ô “Chỉ trích nguyên văn”.");
}

export function bringBack(box) {
  delete box.dataset.away;
  box.hidden = !box.querySelector(".words").textContent;
}

function source({ label, address }) {
  const item = make("li", "");
  const link = make("a", label);
  link.href = address;
  link.dataset.panel = "";
  item.append(link);
  return item;
}
