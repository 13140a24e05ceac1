// Answers without a new page: the question is sent, the answer read as it comes.

import { prepare } from "./answers.js";
import { begun, goOn, put, refusal, say } from "./composer.js";
import { form, framed, make, root, turns } from "./dom.js";
import { replaced, stop } from "./editing.js";
import { watch } from "./network.js";
import { bringBack, word } from "./wording.js";

const CUT = "Kết nối bị ngắt giữa chừng nên chưa có câu trả lời đầy đủ. Câu hỏi vẫn còn, hãy bấm Gửi lại.";
const UNSENT = "Chưa gửi được câu hỏi vì mất kết nối. Câu hỏi vẫn còn, có mạng lại thì bấm Gửi lại.";

let asking = false;

async function ask(question) {
  if (asking) return;
  const data = new FormData(form);
  data.set("question", question);
  const leaving = replaced();
  const { waiting, reply, words, slow } = place(question);
  if (form.question.value.trim() === question) put("");
  let turn = null;
  let heard = false;
  busy(true);
  waiting.scrollIntoView({ block: "nearest" });
  const stopping = new AbortController();
  const patience = watch(slow, () => stopping.abort());
  try {
    await read(data, stopping.signal, () => { heard = true; if (!turn) patience.alive(); }, (name, content) => {
      if (name === "progress") words.firstChild.textContent = content.text + " ";
      if (name === "text") {
        if (!reply.dataset.begun) { reply.dataset.begun = "1"; words.textContent = ""; }
        words.textContent += content.text;
      }
      if (name === "turn" && turn) turn = renew(turn, content);
      else if (name === "turn") {
        patience.end();
        leaving.forEach((each) => each.remove());
        stop();
        turn = show(waiting, content);
        busy(false);
      }
      if (name === "wording") word(turn, content);
      if (name === "problem") throw new Told(content.detail);
    });
    if (!turn) throw new Error(CUT);
  } catch (error) {
    if (turn) { word(turn, null); return; } // the answer is there; only what a model adds broke off
    fail(waiting, question, error instanceof Told ? error.message : heard ? CUT : UNSENT);
  } finally {
    patience.end();
    if (!turn) busy(false);
  }
}

// What the server says itself of why there is no answer.
class Told extends Error {}

function place(question) {
  const waiting = make("article", "", "turn");
  const reply = make("div", "", "reply waiting");
  const words = make("p", "Đang tìm trong các văn bản ", "");
  const slow = make("p", "Mạng đang chậm, vẫn đang chờ câu trả lời…", "slow");
  slow.hidden = true;
  words.append(make("span", "…", "dot"));
  reply.append(words, slow);
  waiting.append(make("h2", question, "asked"), reply);
  turns.append(waiting);
  begun();
  return { waiting, reply, words, slow };
}

// The question is back in the box, unless something else was typed there since, and can be sent again as it was.
function fail(waiting, question, why) {
  const again = make("button", "Gửi lại", "main");
  again.type = "button";
  again.addEventListener("click", () => {
    if (asking) return;
    waiting.remove();
    ask(question);
  });
  const reply = waiting.querySelector(".reply");
  reply.className = "reply";
  reply.replaceChildren(make("p", why, "note"), again);
  if (!form.question.value.trim()) put(question);
}

function busy(is) {
  asking = is;
  turns.setAttribute("aria-busy", String(is));
  form.querySelector("button").disabled = is;
}

async function read(data, signal, alive, got) {
  const response = await fetch(`${root}/hoi`, { method: "POST", body: new URLSearchParams(data), headers: { Accept: "text/event-stream, application/json" }, signal });
  if (!response.ok || !response.body) {
    const problem = await response.json().catch(() => null);
    throw new Told(problem ? problem.detail : "Máy chủ chưa trả lời được. Hãy thử lại sau.");
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const events = (kept + value).split("\n\n");
    kept = events.pop();
    for (const each of events) {
      const [first, second] = each.split("\n");
      got(first.slice("event: ".length), JSON.parse(second.slice("data: ".length)));
    }
  }
}

function turnOf(content) {
  const holder = document.createElement("template");
  holder.innerHTML = content.html; // written by our own template, everything in it escaped
  const turn = holder.content.querySelector(".turn");
  prepare(turn);
  return turn;
}

function show(waiting, content) {
  const turn = turnOf(content);
  const before = document.getElementById(turn.id); // the same question, sent twice
  if (before) before.remove();
  waiting.replaceWith(turn);
  const address = content.address ?? `${root}/hoi/${content.conversation}`; // empty where the browser keeps nothing: the page alone holds the talk
  goOn(content.conversation, address);
  if (!framed && address) history.replaceState(null, "", address);
  turn.scrollIntoView({ block: "start" });
  if (matchMedia("(pointer: fine)").matches) form.question.focus({ preventScroll: true }); // elsewhere a keyboard would cover the answer
  return turn;
}

// A question refused, or only offered something, that has an answer after all: in the same place, and nobody who reads or types elsewhere is disturbed.
function renew(refused, content) {
  const turn = turnOf(content);
  const isThere = refused.contains(document.activeElement);
  refused.replaceWith(turn);
  if (isThere) form.question.focus({ preventScroll: true });
  return turn;
}

if (form && turns) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (asking) return;
    say(refusal());
    const question = form.question.value.trim();
    if (question && !refusal()) ask(question);
  });
  if (form.elements.plain) {
    form.elements.plain.addEventListener("change", (event) => {
      if (!event.target.checked) turns.querySelectorAll("[data-away]").forEach(bringBack);
    });
  }
  document.querySelector("[data-suggested]").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.submitter.value);
  });
}
