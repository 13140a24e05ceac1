// What can be done with an answer: copied, shared, judged, one of its offers picked, sent to the admin.

import { copy, tell } from "./dom.js";
import { putAway } from "./wording.js";

// The answer with its sources, and where it can be read again.
function textOf(button) {
  const shared = button.closest(".turn").querySelector("[data-share]");
  return `${button.dataset.copyAnswer}\n\n${shared.href}\n`;
}

// Sends a form in place, once, however often Enter is pressed; says whether it was taken.
async function send(event) {
  event.preventDefault();
  const box = event.currentTarget;
  if (box.dataset.sending) return false;
  box.dataset.sending = "1";
  const body = new URLSearchParams(new FormData(box, event.submitter));
  const response = await fetch(box.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  delete box.dataset.sending;
  if (response && response.ok) return true;
  const problem = response && (await response.json().catch(() => null));
  tell(box, problem ? problem.detail : "Chưa gửi được. Hãy thử lại sau.");
  return false;
}

async function judge(event) {
  const box = event.currentTarget;
  const chosen = event.submitter;
  if (!(await send(event))) return;
  for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === chosen));
  tell(box, "Cảm ơn thầy cô đã đánh giá.");
  const reason = box.closest(".reply").querySelector("[data-reason]");
  reason.hidden = chosen.value !== "down";
  if (!reason.hidden) reason.elements.reason.focus();
}

async function explain(event) {
  const box = event.currentTarget;
  if (await send(event)) settle(box, "Đã ghi. Cảm ơn thầy cô.");
}

async function sendToAdmin(event) {
  const box = event.currentTarget;
  if (await send(event)) settle(box, "Đã gửi. Cảm ơn thầy cô.");
}

// What was sent is not sent again: only the thanks are left of its form, and who used the keyboard is there.
function settle(box, thanks) {
  const told = box.querySelector(".told");
  for (const part of box.children) part.hidden = part !== told;
  told.textContent = thanks;
  told.tabIndex = -1;
  told.focus({ preventScroll: true });
}

// Which of the provisions offered was meant.
async function pick(event) {
  const offer = event.currentTarget.closest(".offer");
  if (!(await send(event))) return;
  for (const each of offer.parentElement.children) {
    each.classList.toggle("meant", each === offer);
    each.querySelector("[data-pick] button").setAttribute("aria-pressed", String(each === offer));
    tell(each.querySelector("[data-pick]"), each === offer ? "Cảm ơn thầy cô. Quản trị viên sẽ xem." : "");
  }
}

export function prepare(within) {
  for (const button of within.querySelectorAll("[data-copy-answer]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(textOf(button), button, "Đã sao chép kèm nguồn."));
  }
  for (const link of within.querySelectorAll("[data-share]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      copy(link.href, link, "Đã sao chép liên kết.");
    });
  }
  for (const button of within.querySelectorAll("[data-put-away]")) {
    button.hidden = false;
    button.addEventListener("click", () => putAway(button.closest("[data-wording]")));
  }
  for (const [forms, sent] of [["[data-vote]", judge], ["[data-reason]", explain], ["[data-pick]", pick], ["[data-send]", sendToAdmin]]) {
    for (const box of within.querySelectorAll(forms)) box.addEventListener("submit", sent);
  }
  for (const box of within.querySelectorAll("[data-reason]")) box.hidden = true;
}
