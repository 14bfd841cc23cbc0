// The worker's PIN, checked on the tablet itself, with or without a connection. Wrong tries make it wait, longer each
// time; the count lies in the storage, so that a reload or a restart does not help whoever guesses.

const FREE_TRIES = 4, FIRST_PAUSE = 30000, LONGEST_PAUSE = 900000;

const pauseAfter = (tries) => (tries < FREE_TRIES ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - FREE_TRIES)));

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const pinMatches = async (typed, { salt, iterations, hash }) => {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(typed.trim()), "PBKDF2", false, ["deriveBits"]);
  const wanted = bytesOf(hash);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations }, key, wanted.length * 8,
  );
  const found = new Uint8Array(bits);
  return wanted.reduce((differing, byte, place) => differing | (byte ^ found[place]), 0) === 0;
};

// How long to wait before another try, in milliseconds. A clock that was set back must not lengthen the wait.
const pauseLeft = (tries) => {
  if (!tries) return 0;
  const passed = Date.now() - tries.at;
  return passed < 0 ? pauseAfter(tries.count) : Math.max(0, pauseAfter(tries.count) - passed);
};

// Try a PIN: "right", "wrong", or how many milliseconds to wait. A try counts before it is checked.
const tryPin = async (typed, pin) => {
  const left = pauseLeft(await state("tries"));
  if (left) return left;
  await changeState("tries", (tries) => ({ count: ((tries && tries.count) || 0) + 1, at: Date.now() }));
  if (!(await pinMatches(typed, pin))) return "wrong";
  await setState({ tries: null, locked: false });
  return "right";
};
