// Sends what waits, one after the other. The server knows each report by its id, so that sending
// twice is sending once: nothing is lost when an answer is, and nothing doubled.
import * as queue from "./queue.js";

// What came of a round: "" all sent, or why not: offline, door (signed out), failed.
export async function flush(form, told) {
  const round = () => send(form, told);
  // One tab at a time; where there are no locks the server's own check remains.
  return navigator.locks ? navigator.locks.request("jiulong-report", round) : round();
}

async function send(form, told) {
  const waiting = (await queue.all()).filter((report) => !report.refused);
  if (!waiting.length) return "";
  if (navigator.onLine === false) return "offline";
  const state = await ask(form.dataset.state);
  if (!state) return "offline";
  if (!state.user) return "door";
  for (const report of waiting) {
    if (report.user !== state.user) continue;
    const why = await one(form, report, state.token, told);
    if (why) return why;
  }
  return "";
}

async function ask(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function one(form, report, token, told) {
  let answer;
  try {
    answer = await fetch(form.dataset.send, {
      method: "POST",
      body: body(report),
      headers: { "X-CSRFToken": token },
    });
  } catch {
    return "offline";
  }
  const kind = answer.headers.get("Content-Type") || "";
  const said = kind.includes("json") ? await answer.json().catch(() => null) : null;
  if (answer.ok && said) {
    await queue.remove(report.id);
    told(report, said);
    return "";
  }
  if (answer.status === 401) return "door";
  // What the server understood and refused stays, with its reason, until somebody decides.
  if (said && [400, 403, 409].includes(answer.status)) {
    const reasons = said.errors ? Object.values(said.errors).flat() : [said.error];
    await queue.put({ ...report, refused: reasons.join(" ") });
    return "";
  }
  return "failed";
}

function body(report) {
  const form = new FormData();
  report.fields.forEach(([name, value]) => form.append(name, value));
  form.append("client_id", report.id);
  form.append("user", report.user);
  form.append("at", report.at);
  report.photos.forEach((photo) => form.append("photo", photo.blob, photo.name));
  form.append("captured", JSON.stringify(report.photos.map((photo) => photo.captured)));
  return form;
}
