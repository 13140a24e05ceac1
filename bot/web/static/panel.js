// A citation with its document: beside the answer on wide screens, over the page on phones, where Back closes it.

import { prepare } from "./answers.js";
import { form, framed, make, root } from "./dom.js";
import { findLines } from "./pictures.js";

const place = document.querySelector("[data-panel-place]");
const wide = matchMedia("(min-width: 62rem)");
const SLOW = 6000; // milliseconds
const TOO_SLOW = 30000;
const scrolled = new Map(); // how far each passage was read
let trail = []; // the passages opened one from another, the one shown last
let cameFrom = null;
let loading = null;
let covered = []; // what is behind the panel on a phone

// The history keeps what is open: {panel: trail, depth: how many steps back to the page without it}.
function go(to, pushes) {
  const depth = (history.state && history.state.depth) || 0;
  keepPlace();
  trail = to;
  if (pushes) history.pushState({ panel: trail, depth: depth + 1 }, "");
  else history.replaceState({ panel: trail, depth }, "");
  show();
}

function shut() {
  const depth = (history.state && history.state.depth) || 0;
  if (depth) { history.go(-depth); return; } // and popstate hides it
  history.replaceState(null, "");
  hide();
}

function back() {
  if (history.state && history.state.depth > 1) history.back();
  else go(trail.slice(0, -1), false);
}

function keepPlace() {
  if (trail.length && place.querySelector(".passage")) scrolled.set(trail.at(-1), place.scrollTop);
}

async function show() {
  const address = trail.at(-1);
  if (loading) loading.abort();
  const mine = loading = new AbortController();
  const body = make("div", "", "body");
  const told = make("p", "Đang mở…", "waiting");
  told.setAttribute("role", "status");
  body.append(told);
  const title = make("h1", "Văn bản được trích dẫn");
  title.tabIndex = -1;
  const head = headOf(title);
  const box = make("div", "", "box");
  box.append(head, body);
  place.replaceChildren(box);
  place.hidden = false;
  place.classList.add("open");
  place.scrollTop = 0;
  cover();
  title.focus({ preventScroll: true });
  const slow = setTimeout(() => { told.textContent = "Mạng chậm, vẫn đang mở…"; }, SLOW);
  const late = setTimeout(() => mine.abort("late"), TOO_SLOW);
  try {
    const response = await fetch(address, { headers: { Accept: "text/html", "X-Part": "1" }, signal: mine.signal });
    const holder = document.createElement("template");
    holder.innerHTML = await response.text(); // our own template
    const found = holder.content.querySelector(".passage h1");
    if (!response.ok || !found) throw new Error(response.status === 404 ? "Mục này không còn trong kho." : "Máy chủ chưa mở được mục này.");
    title.textContent = found.textContent;
    found.remove();
    body.replaceChildren(holder.content);
    prepare(place);
    findLines(place);
    toCited(head, scrolled.get(address));
  } catch (error) {
    if (mine !== loading || (mine.signal.aborted && mine.signal.reason !== "late")) return; // something else is being opened
    fail(body, address, error instanceof TypeError ? "Mất kết nối nên chưa mở được. Hãy kiểm tra mạng." : mine.signal.aborted ? "Mạng quá chậm nên chưa mở được." : error.message);
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
  }
}

function headOf(title) {
  const head = make("div", "", "head");
  if (trail.length > 1) head.append(button("back", "Quay lại", back));
  head.append(title, button("close", "Đóng", shut));
  return head;
}

function button(drawn, name, does) {
  const made = make("button", "", "plain " + drawn);
  made.type = "button";
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${new URL("icons.svg", import.meta.url).pathname}#${drawn}`);
  icon.setAttribute("class", "icon");
  icon.setAttribute("width", "20");
  icon.setAttribute("height", "20");
  icon.setAttribute("aria-hidden", "true");
  icon.append(use);
  made.append(icon, make("span", name));
  made.addEventListener("click", does);
  return made;
}

function fail(body, address, why) {
  const words = make("p", why, "note");
  words.setAttribute("role", "alert");
  const ways = make("p", "", "ways");
  const again = make("button", "Thử lại", "plain");
  again.type = "button";
  again.addEventListener("click", show);
  const apart = make("a", "Mở thành trang riêng", "plain");
  apart.href = address;
  apart.dataset.away = "";
  ways.append(again, " ", apart);
  body.replaceChildren(words, ways);
}

function toCited(head, before) {
  if (before !== undefined) { place.scrollTop = before; return; }
  const cited = place.querySelector("mark, tr.quoted") || place.querySelector(".cited");
  const below = cited ? cited.getBoundingClientRect().top - head.getBoundingClientRect().bottom : 0;
  if (below > place.clientHeight * 0.5) place.scrollTop = below - place.clientHeight / 4;
}

function hide() {
  if (place.hidden) return;
  keepPlace();
  if (loading) loading.abort();
  const address = trail[0];
  trail = [];
  place.hidden = true;
  place.classList.remove("open");
  place.replaceChildren();
  cover();
  const link = cameFrom && cameFrom.isConnected ? cameFrom : [...document.querySelectorAll("a[data-panel]")].find((each) => each.getAttribute("href") === address);
  const target = link || (form && form.question);
  if (target) target.focus({ preventScroll: Boolean(link) });
}

// On a phone nothing behind the panel can be reached, nor does it scroll.
function cover() {
  for (const other of covered) other.inert = false;
  covered = [];
  const over = !place.hidden && !wide.matches;
  document.documentElement.classList.toggle("under-panel", over);
  const box = place.firstElementChild;
  if (box) {
    for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-label", "Văn bản được trích dẫn"]]) {
      if (over) box.setAttribute(name, value); else box.removeAttribute(name);
    }
  }
  for (let at = place; over && at !== document.body; at = at.parentElement) {
    covered.push(...[...at.parentElement.children].filter((other) => other !== at && !other.inert));
  }
  for (const other of covered) other.inert = true;
}

function opens(link) {
  if (!link || "away" in link.dataset || "share" in link.dataset) return false;
  return "panel" in link.dataset || (place.contains(link) && link.pathname.startsWith(`${root}/van-ban/`) && link.origin === location.origin && !link.hash);
}

if (place && !framed) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!opens(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const isInside = place.contains(link);
    if (!isInside) cameFrom = link;
    const address = link.pathname + link.search;
    go(isInside ? [...trail, address] : [address], !wide.matches);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !place.hidden) shut();
  });
  addEventListener("popstate", () => {
    keepPlace();
    trail = (history.state && history.state.panel) || [];
    if (trail.length) show(); else hide();
  });
  wide.addEventListener("change", cover);
  if (history.state && history.state.panel) { // the page was loaded again, or come back to
    trail = history.state.panel;
    show();
  }
}
findLines(document);
