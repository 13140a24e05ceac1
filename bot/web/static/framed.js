// In a frame on another site: the talk is kept while the visitor moves between the pages of that site, and Esc closes the frame.

import { prepare } from "./answers.js";
import { begun, goOn } from "./composer.js";
import { form, kept, turns } from "./dom.js";

const TALK = "hoi-thoai";
const MOST = 30; // turns

function keep() {
  const told = [...turns.querySelectorAll(".turn[id]")].slice(-MOST);
  kept.set(TALK, told.length ? JSON.stringify({ conversation: form.conversation.value, html: told.map((each) => each.outerHTML).join("") }) : "");
}

function bringBack() {
  const talk = kept.get(TALK);
  if (!talk) return;
  const { conversation, html } = JSON.parse(talk);
  const holder = document.createElement("template");
  holder.innerHTML = html; // as our own template wrote it, kept where only this origin writes
  prepare(holder.content);
  turns.append(holder.content);
  begun();
  goOn(conversation, "");
}

const tell = (what) => parent.postMessage({ tracuu: what }, "*"); // no secret, and only the site around knows its own address

bringBack();
new MutationObserver(keep).observe(turns, { childList: true });
addEventListener("pagehide", keep);
form.querySelector("[data-new]").addEventListener("click", (event) => {
  event.preventDefault();
  turns.replaceChildren();
  kept.set(TALK, "");
  location.reload();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) tell("close");
});
addEventListener("message", (event) => {
  if (event.source === parent && event.data && event.data.tracuu === "open") form.question.focus({ preventScroll: true });
});
tell("ready");
