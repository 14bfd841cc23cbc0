// Sends what waits, one answer at a time; each leaves the tablet only after the server's receipt. Whatever the server
// refuses is kept sealed for a worker to see to. Sent twice by two tabs or after a lost reply, it is one answer there.

const FIRST_REST = 2000, LONGEST_REST = 600000;
const MOST_FAILURES = 3; // of a server that answers but cannot take it now
const LATER = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

// What the server said of an answer, for the form that still waits for its thanks; never kept for longer.
const told = new Map();

const tellPages = () => new BroadcastChannel("tablet").postMessage("changed");

const counts = async () => {
  const [waiting, help] = await Promise.all([everything("waiting"), everything("help")]);
  return { waiting: waiting.length, needs_help: help.length };
};

const showBadge = async () => {
  const { waiting, needs_help: help } = await counts();
  if (navigator.setAppBadge) await navigator.setAppBadge(waiting + help).catch(() => {});
};

// Only what our own server says counts: a hotel's sign-in page, say, answers everything and is no server of ours.
const asksServer = async (address, options) => {
  try {
    const { status, headers, body } = await fetchIn(address, options, (reply) => reply.text());
    const isJson = (headers.get("Content-Type") || "").startsWith("application/json");
    return { status, said: isJson ? JSON.parse(body) : null, retryAfter: Number(headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, said: null, retryAfter: 0 };
  }
};

// Tell the server how many wait, and learn whether it is there and whether this tablet may still offer forms.
const pulse = async () => {
  const { token } = (await state("tablet")) || {};
  if (!token) return false;
  const body = JSON.stringify(await counts());
  const headers = asTablet(token, { "Content-Type": "application/json" });
  const { status } = await asksServer("/tablet/pulse", { method: "POST", headers, body });
  if (![204, 401, 410].includes(status)) return false;
  await setState({ revoked: status === 410, unknown: status === 401, seen: Date.now() });
  return true;
};

const deliver = async ({ sitting, kid, epk, iv, sealed, token }) => {
  const { status, said, retryAfter } = await asksServer(`/tablet/answers/${sitting}`, {
    method: "PUT",
    headers: asTablet(token, { "Content-Type": "application/json" }),
    body: JSON.stringify({ kid, epk, iv, sealed }),
  });
  if ((status === 200 || status === 201) && typeof said?.receipt === "string") return { isKept: true, ...said };
  const isRefused = status >= 400 && !LATER.has(status) && said;
  return { isKept: false, isRefused: Boolean(isRefused), status: isRefused ? status : 0, isBusy: status >= 429, retryAfter };
};

// Rest longer after each failure, never in step with other tablets. A clock that was changed must not lengthen it.
const rest = async (retryAfter) => {
  const before = (await state("rest")) || { tries: 0 };
  const longest = Math.min(LONGEST_REST, FIRST_REST * 2 ** before.tries);
  const wait = Math.max(longest * (0.5 + Math.random() / 2), Math.min(retryAfter * 1000, LONGEST_REST));
  await setState({ rest: { tries: before.tries + 1, since: Date.now(), until: Date.now() + wait } });
};
const isResting = (until) => Boolean(until) && Date.now() >= until.since && Date.now() < until.until;

const sendOne = async (item) => {
  const outcome = await deliver(item);
  if (told.has(item.sitting)) told.set(item.sitting, { receipt: outcome.receipt, worried: outcome.worried });
  if (outcome.isKept) await letGo(item.sitting, Date.now());
  else if (outcome.isRefused) await askForHelp(item, outcome.status);
  if (outcome.isKept || outcome.isRefused) tellPages();
  return outcome;
};

const sendAll = async (isForced) => {
  if (!(await everything("waiting")).length) return;
  if (!isForced && isResting(await state("rest"))) return;
  if (!(await pulse())) {
    await rest(0);
    return;
  }
  const tried = new Set();
  let failures = 0, retryAfter = 0;
  for (;;) {
    const items = (await everything("waiting")).filter((item) => !tried.has(item.sitting)).sort((a, b) => a.at - b.at);
    if (!items.length || failures >= MOST_FAILURES) break;
    tried.add(items[0].sitting);
    const outcome = await sendOne(items[0]);
    if (outcome.isKept) await setState({ rest: null });
    else if (!outcome.isRefused) {
      failures += outcome.isBusy ? 1 : MOST_FAILURES;
      retryAfter = Math.max(retryAfter, outcome.retryAfter);
    }
  }
  if (failures) await rest(retryAfter);
  await pulse();
};

// One at a time on this tablet, whatever tabs and workers there are.
const send = (isForced = false) => navigator.locks.request("tablet-sending", async () => {
  try {
    await sendAll(isForced);
  } finally {
    await showBadge().catch(() => {});
    tellPages();
  }
});

// Ask for the newest kit, after a pulse, by which the server tops up the sittings; its forms take the old ones' place when all of them are here.
const refresh = () => navigator.locks.request("tablet-kit", async () => {
  const tablet = await state("tablet");
  if (!tablet) return;
  try {
    const headers = asTablet(tablet.token), known = await state("kitTag");
    if (known) headers["If-None-Match"] = known;
    const reply = await fetchIn("/tablet/kit", { headers }, (each) => each.text());
    if (reply.status === 401 || reply.status === 410) await setState({ revoked: reply.status === 410, unknown: reply.status === 401 });
    if (reply.status === 304) await setState({ kitAt: Date.now(), kitTrouble: "" });
    if (reply.status !== 200) return;
    await takeKit(JSON.parse(reply.body), tablet.token, (progress) => new BroadcastChannel("tablet").postMessage({ progress }));
    await setState({ kitTag: reply.headers.get("ETag"), kitTrouble: "", revoked: false, unknown: false });
  } catch (fault) {
    await setState({ kitTrouble: fault.name === "QuotaExceededError" ? "storage" : "line" }).catch(() => {});
  } finally {
    tellPages();
  }
});
