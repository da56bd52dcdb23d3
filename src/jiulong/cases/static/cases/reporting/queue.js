// The queue on this phone: what was written stays here until the server has it.
const NAME = "jiulong-report";
const STORE = "reports";

let opened = null;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

async function within(mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const act = base.transaction(STORE, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const asked = work(act.objectStore(STORE));
    act.oncomplete = () => done(asked.result);
    act.onabort = act.onerror = () => fail(act.error || asked.error);
  });
}

// All that waits, the oldest first.
export const all = async () =>
  (await within("readonly", (store) => store.getAll())).sort((a, b) => a.at.localeCompare(b.at));
// Kept for good once this is through.
export const put = (report) => within("readwrite", (store) => store.put(report));
export const remove = (id) => within("readwrite", (store) => store.delete(id));
