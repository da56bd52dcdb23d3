// Hashes a photograph the moment it is taken, so that the server can tell whether it is still the same.
// Only what the camera of this page took is claimed as captured; files that were chosen are not.

/** Lower-case hex SHA-256 of a Blob, or "" where the browser has no crypto (plain http). */
export async function sha256(blob) {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where the device is, or null if it may not or cannot say so within `timeout` milliseconds. */
export function place(timeout = 8000) {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ longitude: coords.longitude, latitude: coords.latitude, accuracy_m: coords.accuracy }),
      () => resolve(null),
      { enableHighAccuracy: true, maximumAge: 60000, timeout },
    );
  });
}

/** What the server calls `Captured`, for a Blob that was taken just now; null without crypto. */
export async function captured(blob) {
  const at = new Date().toISOString();
  const [digest, where] = await Promise.all([sha256(blob), place()]);
  return digest ? { sha256: digest, at, ...where } : null;
}

function prepare(form) {
  const chosen = form.querySelector('input[name="files"]');
  const camera = form.querySelector('input[type="file"][capture]');
  const told = form.querySelector('input[name="captured"]');
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  const facts = new Map(); // File → what was captured of it
  if (!camera || !globalThis.crypto?.subtle) return;
  camera.closest(".upload-camera").hidden = false;

  const tell = () => {
    told.value = JSON.stringify(Array.from(chosen.files, (file) => facts.get(file) ?? null));
  };
  chosen.addEventListener("change", tell);
  camera.addEventListener("change", async () => {
    const [photo] = camera.files;
    if (!photo) return;
    button.disabled = true;
    const found = await captured(photo);
    const all = new DataTransfer();
    for (const file of chosen.files) all.items.add(file);
    all.items.add(photo);
    // A browser may hand back its own File objects: keep what is known by their place.
    const before = Array.from(chosen.files, (file) => facts.get(file) ?? null);
    chosen.files = all.files;
    Array.from(chosen.files).forEach((file, at) => facts.set(file, at < before.length ? before[at] : found));
    tell();
    camera.value = "";
    button.disabled = false;
    said.textContent = found ? `${said.dataset.hashed} ${found.sha256.slice(0, 16)}…` : "";
  });
}

if (typeof document !== "undefined") document.querySelectorAll("form[data-capture]").forEach(prepare);
