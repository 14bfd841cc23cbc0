// Seals an answer to the server's public key before it touches anything that lasts: whoever finds the tablet finds
// nothing that can be read, and neither can this tablet read it again.
// A fresh key for each answer: ECDH P-256 -> HKDF-SHA256 -> AES-256-GCM, bound to the key's id and to the sitting.

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SEAL_INFO = "hscb-voice tablet answer v1";
const IV_BYTES = 12;

const toBase64url = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

// Return what the server can open and nobody else.
const seal = async ({ kid, jwk }, sitting, plain) => {
  const text = new TextEncoder();
  const theirs = await crypto.subtle.importKey("jwk", jwk, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveKey", "deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: text.encode(SEAL_INFO) },
    material, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: text.encode(`${kid}|${sitting}`) }, key, text.encode(JSON.stringify(plain)),
  );
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", ours.publicKey);
  return { kid, epk: { kty, crv, x, y }, iv: toBase64url(iv), sealed: toBase64url(sealed) };
};
