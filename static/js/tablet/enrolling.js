// Makes this device a tablet: by the one-time code that stands behind the # of the picture's address, or is typed.

const ENROL_TROUBLE = {
  404: "This code is not known. Look at it once more, letter by letter.",
  410: "This code has been used, or is older than 15 minutes. Make a new one on the staff pages, under Tablets.",
  429: "There were too many tries. Wait some minutes, then try again.",
  0: "There is no connection just now. Setting up needs one; afterwards the tablet works without.",
};
const ENROL_OTHERWISE = "It did not work just now. Wait a minute, then try again.";

// Return "" when this is a tablet now, else what to tell the worker.
const enrol = async (code) => {
  let reply;
  try {
    reply = await fetch("/tablet/enrol", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
      cache: "no-store",
      body: JSON.stringify({ code: code.trim() }),
    });
  } catch {
    return ENROL_TROUBLE[0];
  }
  if (reply.status !== 201) return ENROL_TROUBLE[reply.status] || ENROL_OTHERWISE;
  const { token, kit } = await reply.json();
  const { id, name } = kit.tablet;
  try {
    await setState({
      tablet: { token, id, name }, kit: null, kitTag: null, kitTrouble: "", revoked: false, unknown: false, locked: false,
      tries: null, rest: null,
    });
  } catch {
    return "This tablet has no room left to keep anything. Free some space on it, make a new code, and try again.";
  }
  return "";
};

// The code of the picture, taken out of the address at once, so that it stays in no history.
const codeOfAddress = () => {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(null, "", location.pathname);
  return code;
};
