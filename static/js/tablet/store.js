// What a tablet keeps, in IndexedDB: who it is, which forms it may offer, and sealed answers that wait to be sent.
// Nothing that a child says stands here in the clear, ever: `sealing.js` comes first.
// Used by the worker and by the start page; both only ever speak of it through the functions below.

const STORES = {
  state: null, // name -> value: token, kit, choice, locked, tries, sent, ...
  handed: "id", // forms that were handed over and are not finished: which form, for which point, which sitting
  waiting: "sitting", // sealed answers, until the server's receipt
  help: "sitting", // sealed answers that the server refused, until a worker has seen to them
};
const LONGEST_TRIALS = 3;
let opened = null;

const openStore = () => {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("tablet", 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, keyPath && { keyPath });
      }
    };
    asked.onsuccess = () => {
      const database = asked.result;
      // The system may close it at any time, and a newer version of this program may ask us to let go.
      database.onclose = () => { opened = null; };
      database.onversionchange = () => { database.close(); opened = null; };
      done(database);
    };
    asked.onerror = () => fail(asked.error);
  }).catch((fault) => {
    opened = null;
    throw fault;
  });
  return opened;
};

// Do something in one transaction, and come back when it is on the disk. What the system closed is opened again.
const within = async (names, mode, act) => {
  for (let trial = 1; ; trial += 1) {
    try {
      const database = await openStore();
      return await new Promise((done, fail) => {
        const change = database.transaction(names, mode, { durability: "strict" });
        let result;
        change.oncomplete = () => done(result);
        change.onabort = () => fail(change.error || new DOMException("given up", "AbortError"));
        try {
          act(Object.fromEntries(names.map((name) => [name, change.objectStore(name)])), (value) => { result = value; });
        } catch (fault) {
          fail(fault);
          change.abort();
        }
      });
    } catch (fault) {
      const isForGood = fault.name === "QuotaExceededError" || trial === LONGEST_TRIALS;
      if (isForGood) throw fault;
      opened = null;
    }
  }
};

const reading = (name, ask) => within([name], "readonly", (stores, tell) => {
  const asked = ask(stores[name]);
  asked.onsuccess = () => tell(asked.result);
});

const state = (name) => reading("state", (store) => store.get(name));
const everything = (name) => reading(name, (store) => store.getAll());
const one = (name, key) => reading(name, (store) => store.get(key));

const setState = (values) => within(["state"], "readwrite", ({ state: store }) => {
  for (const [name, value] of Object.entries(values)) store.put(value, name);
});

// Change a value by what it was, with nobody else in between.
const changeState = (name, change) => within(["state"], "readwrite", ({ state: store }, tell) => {
  const asked = store.get(name);
  asked.onsuccess = () => {
    const value = change(asked.result);
    store.put(value, name);
    tell(value);
  };
});

// A form is handed over: from now on leaving needs the worker.
const handOver = (handed) => within(["state", "handed"], "readwrite", (stores) => {
  stores.state.put(true, "locked");
  stores.handed.put(handed);
});

const endHanded = (id) => within(["handed"], "readwrite", (stores) => { stores.handed.delete(id); });

// A form opens: what it is, and the sitting of this opening. A reload is another opening of the same hand-over.
const openHanded = (id, found, sitting) => within(["handed", "state"], "readwrite", (stores, tell) => {
  const asked = stores.handed.get(id);
  asked.onsuccess = () => {
    const { sittings = [], ...rest } = asked.result || { id };
    const handed = { ...rest, found, sittings: [...sittings, sitting] };
    stores.handed.put(handed);
    stores.state.put(found.page.lang, "lastLanguage");
    tell(handed);
  };
});

// A sealed answer takes its place in the queue in the same moment as its form counts as finished and its sitting as used.
const MOST_USED = 2000;
const keepWaiting = (item, id) => within(["waiting", "handed", "state"], "readwrite", (stores) => {
  stores.waiting.put(item);
  const handed = stores.handed.get(id), used = stores.state.get("used");
  handed.onsuccess = () => {
    const { result } = handed;
    if (result) stores.handed.put({ ...result, finished: [...(result.finished || []), item.sitting] });
  };
  used.onsuccess = () => stores.state.put([...(used.result || []), item.sitting].slice(-MOST_USED), "used");
});

// Only after the server's receipt.
const letGo = (sitting, at) => within(["waiting", "help", "state"], "readwrite", (stores) => {
  stores.waiting.delete(sitting);
  stores.help.delete(sitting);
  stores.state.put(at, "sent");
});

const askForHelp = (item, status) => within(["waiting", "help"], "readwrite", (stores) => {
  stores.help.put({ ...item, status });
  stores.waiting.delete(item.sitting);
});

// The worker wants it tried again; one whose tablet the server no longer knows goes as the tablet of today.
const waitAgain = (sitting, tokenOfToday) => within(["waiting", "help"], "readwrite", (stores) => {
  const asked = stores.help.get(sitting);
  asked.onsuccess = () => {
    if (!asked.result) return;
    const { status, ...item } = asked.result;
    stores.waiting.put(status === 401 ? { ...item, token: tokenOfToday } : item);
    stores.help.delete(sitting);
  };
});
