// Asks the browser for a passkey and sends its answer with an ordinary form. Where script or browser cannot do it, the
// form stays hidden and the page's other ways remain.

const FORMS = "form[data-passkey]";
const REFUSED = "The passkey was not used. Try again, or go another way.";
const NO_ANSWER = "Something did not work. Reload the page and try again.";

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
};

const toText = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const withBytes = (options) => {
  const named = (one) => ({ ...one, id: toBytes(one.id) });
  return {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: named(options.user) }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(named) }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(named) }),
  };
};

const asText = (credential) => {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const told = Object.fromEntries(parts.filter((name) => response[name]).map((name) => [name, toText(response[name])]));
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: told });
};

const questionOf = async (form) => {
  const token = new FormData(form).get("csrf_token");
  const body = new URLSearchParams({ csrf_token: token });
  const reply = await fetch(form.dataset.question, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!(reply.headers.get("Content-Type") || "").includes("json")) {
    throw new Error(NO_ANSWER);
  }
  const told = await reply.json();
  if (!reply.ok) {
    throw new Error(told.refusal || NO_ANSWER);
  }
  return { publicKey: withBytes(told) };
};

const answer = async (form, says) => {
  let question;
  try {
    question = await questionOf(form);
  } catch (fault) {
    says.textContent = fault.message === NO_ANSWER || fault.name === "Error" ? fault.message : NO_ANSWER;
    return;
  }
  try {
    const asked = form.dataset.passkey === "make" ? navigator.credentials.create(question) : navigator.credentials.get(question);
    form.querySelector("[data-passkey-answer]").value = asText(await asked);
  } catch {
    says.textContent = REFUSED; // the person closed the browser's window, or this device has no passkey of ours
    return;
  }
  form.submit();
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll(FORMS)) {
    const says = form.querySelector("[data-passkey-says]");
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      says.textContent = "";
      answer(form, says);
    });
  }
}
