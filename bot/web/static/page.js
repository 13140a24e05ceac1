// What the pages can do more with JavaScript: answers without a new page, the cited provision beside the answer, copying.
"use strict";

const place = document.querySelector("[data-panel-place]");
const turns = document.querySelector(".turns");
const form = document.querySelector("[data-ask]");
const framed = document.body.classList.contains("framed");
let cameFrom = null;

function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text || "";
  if (className) element.className = className;
  return element;
}

function tell(near, text) {
  const told = (near.closest(".actions, [data-pick]") || near.closest(".reply")).querySelector(".told");
  told.textContent = text;
}

// --- asking

async function ask(question) {
  const data = new FormData(form);
  data.set("question", question);
  const waiting = make("article", "", "turn");
  waiting.append(make("h2", question, "asked"));
  const reply = make("div", "", "reply waiting");
  const words = make("p", "Đang tìm trong các văn bản ", "");
  words.append(make("span", "…", "dot"));
  reply.append(words);
  waiting.append(reply);
  turns.append(waiting);
  document.querySelector(".intro").classList.add("unseen");
  document.querySelector(".suggested").hidden = true;
  let turn = null;
  busy(true);
  waiting.scrollIntoView({ block: "nearest" });
  try {
    await read(data, (name, content) => {
      if (name === "progress") words.firstChild.textContent = content.text + " ";
      if (name === "text") {
        if (!reply.dataset.begun) { reply.dataset.begun = "1"; words.textContent = ""; }
        words.textContent += content.text;
      }
      if (name === "turn" && turn) turn = renew(turn, content);
      else if (name === "turn") { turn = show(waiting, content); busy(false); }
      if (name === "wording") word(turn, content);
      if (name === "problem") throw new Error(content.detail);
    });
  } catch (error) {
    if (turn) { word(turn, null); return; } // the answer is there; only what a model adds broke off
    reply.className = "reply";
    reply.replaceChildren(make("p", error instanceof TypeError ? "Mất kết nối. Hãy kiểm tra mạng rồi hỏi lại." : error.message, "note"));
    form.question.value = question;
  } finally {
    if (!turn) busy(false);
  }
}

function busy(is) {
  turns.setAttribute("aria-busy", String(is));
  form.querySelector("button").disabled = is;
}

async function read(data, got) {
  const response = await fetch("/hoi", { method: "POST", body: new URLSearchParams(data), headers: { Accept: "text/event-stream, application/json" } });
  if (!response.ok || !response.body) {
    const problem = await response.json().catch(() => null);
    throw new Error(problem ? problem.detail : "Máy chủ chưa trả lời được. Hãy thử lại sau.");
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
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
  waiting.replaceWith(turn);
  form.conversation.value = content.conversation;
  form.question.value = "";
  form.querySelector("label").textContent = "Hỏi tiếp";
  form.question.placeholder = "Ví dụ: thế còn cuối năm?";
  form.querySelector("[data-new]").hidden = framed;
  if (!framed) history.replaceState(null, "", `/hoi/${content.conversation}`);
  turn.scrollIntoView({ block: "start" });
  form.question.focus({ preventScroll: true });
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

// What a language model says of an answer, as far as it is held to its sources; null where it is not to be trusted.
function word(turn, wording) {
  const box = turn.querySelector("[data-wording]");
  if (!box) return;
  box.hidden = !wording || "away" in box.dataset;
  box.querySelector("h3").textContent = wording ? wording.title : "";
  box.querySelector(".words").textContent = wording ? wording.text : "";
  box.querySelector("ol").replaceChildren(...(wording ? wording.sources : []).map(source));
}

// The extract alone: here, and for the questions that follow as long as the box under the form stays ticked.
function putAway(box) {
  const ticked = form && form.elements.plain;
  box.dataset.away = "";
  box.hidden = true;
  (ticked || box.closest(".turn").querySelector("[data-copy-answer]")).focus({ preventScroll: true });
  if (!ticked) return;
  ticked.checked = true;
  tell(box, "Đã ẩn. Các câu sau cũng chỉ trích nguyên văn, tới khi bỏ dấu ở ô “Chỉ trích nguyên văn”.");
}

function bringBack(box) {
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

if (form && turns) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = form.question.value.trim();
    if (question) ask(question);
  });
  form.question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
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

// --- a citation beside its answer

async function open(link) {
  const response = await fetch(link.href, { headers: { Accept: "text/html", "X-Part": "1" } });
  if (!response.ok) { location.href = link.href; return; }
  const holder = document.createElement("template");
  holder.innerHTML = await response.text(); // our own template
  const close = make("button", "Đóng", "plain close");
  close.type = "button";
  close.addEventListener("click", shut);
  const head = make("div", "", "head");
  head.append(make("span", "Văn bản được trích dẫn"), close);
  place.replaceChildren(head, holder.content);
  prepare(place);
  place.hidden = false;
  place.classList.add("open");
  if (!place.contains(link)) cameFrom = link;
  place.scrollTop = 0;
  place.querySelector("h1").focus({ preventScroll: true });
  const cited = place.querySelector("mark") || place.querySelector(".cited");
  const below = cited ? cited.getBoundingClientRect().top - place.getBoundingClientRect().top : 0;
  if (below > place.clientHeight * 0.6) place.scrollTop = below - place.clientHeight / 3;
}

function shut() {
  place.hidden = true;
  place.classList.remove("open");
  place.replaceChildren();
  if (cameFrom) (cameFrom.isConnected ? cameFrom : form.question).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || !place || framed || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link).catch(() => { location.href = link.href; });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && place && !place.hidden) shut();
});

// --- copying, sharing, judging

async function copy(text, near, done) {
  try {
    await navigator.clipboard.writeText(text);
    tell(near, done);
  } catch {
    tell(near, "Trình duyệt không cho sao chép.");
  }
}

function answerText(turn) {
  const lines = [...turn.querySelectorAll("[data-copy] li, [data-copy] p")].map((line) => (line.matches("li") ? "- " : "") + line.textContent.trim());
  for (const cite of turn.querySelectorAll(".cite, .offer")) {
    const quote = cite.querySelector("blockquote") || cite.querySelector("h3");
    lines.push("", `“${quote.textContent.trim()}”`, `— ${cite.querySelector("a.open").textContent.trim()}`);
  }
  return lines.join("\n");
}

async function judge(event) {
  event.preventDefault();
  const box = event.currentTarget;
  const data = new FormData(box, event.submitter);
  const response = await fetch("/danh-gia", { method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" } });
  if (!response.ok) { tell(box, "Chưa ghi được đánh giá."); return; }
  for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === data.get("vote")));
  tell(box, "Cảm ơn bạn đã đánh giá.");
  if (data.get("vote") === "down" && !box.querySelector("[name=reason]")) {
    const reason = make("input", "");
    reason.type = "text";
    reason.name = "reason";
    reason.maxLength = 500;
    reason.placeholder = "Sai hoặc thiếu gì?";
    reason.setAttribute("aria-label", "Sai hoặc thiếu gì? (không bắt buộc)");
    const send = make("button", "Gửi", "plain");
    send.name = "vote";
    send.value = "down";
    box.append(reason, send);
    reason.focus();
  }
}

// Which of the provisions offered was meant.
async function pick(event) {
  event.preventDefault();
  const box = event.currentTarget;
  const offer = box.closest(".offer");
  const data = new FormData(box, event.submitter);
  const response = await fetch("/chon", { method: "POST", body: new URLSearchParams(data), headers: { Accept: "application/json" } }).catch(() => null);
  if (!response || !response.ok) { tell(box, "Chưa ghi được."); return; }
  for (const each of offer.parentElement.children) {
    each.classList.toggle("meant", each === offer);
    each.querySelector("[data-pick] button").setAttribute("aria-pressed", String(each === offer));
    tell(each.querySelector("[data-pick]"), each === offer ? "Cảm ơn bạn. Người quản trị sẽ xem." : "");
  }
}

function prepare(within) {
  for (const button of within.querySelectorAll("[data-copy-answer]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(answerText(button.closest(".turn")), button, "Đã sao chép kèm nguồn."));
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
  for (const box of within.querySelectorAll("[data-vote]")) box.addEventListener("submit", judge);
  for (const box of within.querySelectorAll("[data-pick]")) box.addEventListener("submit", pick);
}

prepare(document);
