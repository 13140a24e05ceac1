// The box where a question is typed: Enter, the limit, a draft that survives a reload, the role, the keyboard of a phone.

import { form, framed, kept, turns } from "./dom.js";

const NEAR = 200; // characters left when their number is shown
const DRAFT = "cau-dang-go";
const A_YEAR = 365 * 86400;

const box = form && form.question;
const most = form && Number(box.dataset.most);
const typed = () => [...box.value.trim()].length; // as the server counts: signs, not units of UTF-16
const written = (number) => number.toLocaleString("vi-VN");

// Says why what stands in the box cannot be asked; empty where it can, or where nothing stands there.
export function refusal() {
  const length = typed();
  return length > most ? `Câu hỏi dài ${written(length)} ký tự, nhiều nhất là ${written(most)}. Chữ đã gõ vẫn còn trong ô: hãy rút gọn rồi hỏi lại.` : "";
}

export function say(text) {
  const line = form.querySelector("[data-refusal]");
  line.hidden = !text;
  line.textContent = text;
}

export function put(text) {
  box.value = text;
  changed();
}

// Once something was asked: what comes next belongs to the same conversation.
export function goOn(conversation, address) {
  form.conversation.value = conversation;
  form.querySelector("label").textContent = "Hỏi tiếp";
  box.placeholder = "Ví dụ: thế còn cuối năm?";
  form.querySelector("[data-new]").hidden = false;
  const removing = document.querySelector("[data-delete]");
  if (!removing || !address) return;
  removing.hidden = false;
  removing.querySelector("form").action = `${address}/xoa`;
}

export function begun() {
  document.querySelector(".intro").classList.add("unseen");
  for (const each of document.querySelectorAll(".suggested, [data-beginning]")) each.hidden = true;
}

function changed() {
  const left = most - typed();
  const line = form.querySelector("[data-left]");
  line.hidden = left > NEAR;
  line.classList.toggle("over", left < 0);
  line.textContent = left < 0 ? `Quá ${written(-left)} ký tự` : `Còn ${written(left)} ký tự`;
  if (left >= 0) say("");
  kept.set(DRAFT, box.value);
}

function remember(role) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `vai-tro=${role}; path=/; max-age=${role ? A_YEAR : 0}; samesite=lax${secure}`;
  document.querySelector("[data-suggested] [name=role]").value = role;
}

// A phone's keyboard that lies over the page, instead of making it smaller, must not hide the box.
function rise() {
  const { height, offsetTop, scale } = window.visualViewport;
  const hidden = Math.max(0, window.innerHeight - height - offsetTop);
  form.style.bottom = scale === 1 && hidden > 80 ? `${Math.round(hidden)}px` : "";
}

if (form && turns) {
  box.addEventListener("keydown", (event) => {
    // Enter that ends a word of an input method (Telex, VNI) is not one that sends; Safari tells it by the code alone
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  box.addEventListener("input", changed);
  form.role.addEventListener("change", () => remember(form.role.value));
  if (!box.value && !form.instead.value) put(kept.get(DRAFT));
  else changed();
  // not by the attribute, which would scroll the page; and where it would bring up a keyboard, only by a touch
  if (!framed && !location.hash && matchMedia("(pointer: fine)").matches && !turns.childElementCount) box.focus({ preventScroll: true });
  if (window.visualViewport) window.visualViewport.addEventListener("resize", rise);
}
