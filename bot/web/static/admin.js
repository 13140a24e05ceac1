// The admin's desk: progress of uploads and jobs, pages of an upload, the list of documents while one types.

const root = new URL(import.meta.url).pathname.replace(/\/static\/.*$/, ""); // what stands before every address of this office

for (const form of document.querySelectorAll("[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bar = form.querySelector("progress");
    const told = form.querySelector(".told");
    const button = form.querySelector("button");
    const files = [...form.querySelector("[type=file]").files];
    const weight = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
    const { most, megabytes } = form.dataset;
    if (files.length > most) { told.textContent = `Đã chọn ${files.length} tệp; mỗi lần tối đa ${most} tệp. Hãy chia ra tải nhiều lần.`; return; }
    if (weight > megabytes) { told.textContent = `Các tệp đã chọn nặng ${Math.ceil(weight)} MB; mỗi lần tối đa ${megabytes} MB. Hãy chia ra tải nhiều lần.`; return; }
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (at) => {
      bar.value = at.lengthComputable ? (100 * at.loaded) / at.total : 0;
      told.textContent = `Đang tải lên: ${Math.round(bar.value)} %`;
    });
    request.addEventListener("load", () => {
      const content = request.getResponseHeader("Content-Type") || "";
      const answer = content.includes("json") ? JSON.parse(request.responseText) : null;
      if (request.status === 202 && answer) { location.href = answer.location; return; }
      failed(answer ? answer.detail : "Máy chủ không nhận tệp. Hãy đăng nhập lại rồi thử lại.");
    });
    request.addEventListener("error", () => failed("Mất kết nối khi tải lên. Hãy thử lại."));
    const failed = (text) => { told.textContent = text; bar.hidden = true; button.disabled = false; };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
  });
}

for (const box of document.querySelectorAll("[data-job]")) {
  const bar = box.querySelector("progress");
  const line = box.querySelector("[data-line]");
  const lasting = box.querySelector("[data-lasting]");
  let state = "";
  const look = async () => {
    const response = await fetch(`${root}/quan-tri/viec/${box.dataset.job}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response && response.ok && !response.redirected) {
      const job = await response.json();
      if (!["running", "stopping"].includes(job.state) || (state && state !== job.state)) { location.reload(); return; }
      state = job.state;
      if (line.textContent !== job.line) line.textContent = job.line;
      lasting.textContent = job.seconds < 60 ? `${job.seconds} giây` : `${Math.floor(job.seconds / 60)} phút ${job.seconds % 60} giây`;
      if (job.total) { bar.max = job.total; bar.value = job.at; } else { bar.removeAttribute("value"); }
    } else if (response && response.redirected) { location.reload(); return; }
    setTimeout(look, 700);
  };
  setTimeout(look, 400);
}

document.addEventListener("click", async (event) => {
  const turn = event.target.closest("[data-turn]");
  if (!turn || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const shown = turn.closest("[data-preview]");
  const response = await fetch(turn.href, { headers: { "X-Part": "1" } }).catch(() => null);
  if (!response || !response.ok) { window.open(turn.href); return; }
  const fresh = document.createRange().createContextualFragment(await response.text()).firstElementChild;
  shown.replaceWith(fresh);
  const read = fresh.querySelector(".read");
  read.focus({ preventScroll: true });
});

for (const form of document.querySelectorAll("[data-typed]")) {
  let waiting = 0;
  let asked = 0;
  const find = async () => {
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const mine = ++asked;
    const response = await fetch(address).catch(() => null);
    if (!response || !response.ok || response.redirected || mine !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("[data-found]");
    if (!found || mine !== asked) return;
    document.querySelector("[data-found]").replaceWith(found);
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 250); });
}

for (const told of document.querySelectorAll("[data-day-of]")) { // browsers write a day as their own language does
  const field = document.getElementById(told.dataset.dayOf);
  field.addEventListener("input", () => {
    told.hidden = !field.value;
    told.textContent = `tức ngày ${field.value.split("-").reverse().join("/")}`;
  });
}
