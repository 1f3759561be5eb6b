// Sends a file in pieces, and goes on where the connection was lost; the form works without it.
const form = document.querySelector("form[data-upload]");
const bar = form.querySelector("[data-upload-progress]");
const meter = bar.querySelector("progress");
const said = bar.querySelector("[role=status]");
const size = Number(form.dataset.piece);
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const pause = (seconds) => new Promise((go) => { setTimeout(go, seconds * 1000); });

const show = (percent, words, wrong = false) => {
  bar.hidden = false;
  said.classList.toggle("errorlist", wrong);
  meter.hidden = wrong;
  meter.value = percent;
  said.textContent = words;
};

// A lost connection is tried again, later each time; an answer, whichever it is, is given back.
const ask = async (address, options, wait = 1) => {
  try {
    const answer = await fetch(address, options);
    if (answer.status < 500) return answer;
  } catch { /* no connection: below */ }
  show(meter.value, form.dataset.lost);
  await pause(wait);
  return ask(address, options, Math.min(wait * 2, 30));
};

// Where this file goes: begun before in this tab, or begun now.
const begin = async (file) => {
  const known = `upload ${form.dataset.upload} ${file.size} ${file.lastModified}`;
  const before = sessionStorage.getItem(known);
  if (before && (await ask(before, { method: "HEAD" })).ok) return before;
  const body = new FormData(form);
  body.delete("file");
  body.set("name", file.name);
  body.set("size", file.size);
  const answer = await ask(form.dataset.upload, { method: "POST", body });
  if (!answer.ok) throw new Error(await answer.text());
  sessionStorage.setItem(known, answer.url);
  return answer.url;
};

const send = async (file) => {
  const address = await begin(file);
  const how = await ask(address, { method: "HEAD" });
  let offset = Number(how.headers.get("Upload-Offset"));
  while (offset < file.size) {
    const headers = { "X-CSRFToken": token, "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
    const answer = await ask(address, { method: "PATCH", headers, body: file.slice(offset, offset + size) });
    if (!answer.ok && answer.status !== 409) return;
    offset = Number(answer.headers.get("Upload-Offset"));
    const percent = Math.round((offset / file.size) * 100);
    show(percent, `${percent}% ${form.dataset.underway}`);
  }
};

form.addEventListener("submit", async (event) => {
  const [file] = form.elements.file.files;
  if (!file || !file.size) return;
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  show(0, "");
  try {
    await send(file);
    window.location.assign(form.dataset.done);
  } catch (refusal) {
    show(0, refusal.message, true);
    button.disabled = false;
  }
});
