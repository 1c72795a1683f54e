// Passkeys: the browser's own dialogue for a form with data-passkey. Without script, or where the browser knows
// no passkeys, their places stay hidden.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const withId = (one) => ({ ...one, id: bytes(one.id) });

const create = async ({ publicKey }) => {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: withId(publicKey.user),
      excludeCredentials: (publicKey.excludeCredentials ?? []).map(withId),
    },
  });
  return packed(made, { attestationObject: words(made.response.attestationObject) });
};

const get = async ({ publicKey }) => {
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: (publicKey.allowCredentials ?? []).map(withId),
    },
  });
  const { authenticatorData, signature, userHandle } = found.response;
  return packed(found, {
    authenticatorData: words(authenticatorData),
    signature: words(signature),
    userHandle: userHandle ? words(userHandle) : null,
  });
};

const packed = (credential, response) => ({
  type: credential.type,
  id: credential.id,
  rawId: words(credential.rawId),
  clientExtensionResults: credential.getClientExtensionResults(),
  response: { clientDataJSON: words(credential.response.clientDataJSON), ...response },
});

const optionsOf = async (form) => {
  if (!form.dataset.ask) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
};

if (window.PublicKeyCredential) {
  for (const place of document.querySelectorAll("[data-passkey-place]")) place.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = form.querySelector("[role=status]");
      said.textContent = "";
      try {
        const options = await optionsOf(form);
        const credential = await (form.dataset.passkey === "create" ? create : get)(options);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        said.textContent = form.dataset.failed; // closed, timed out, or no passkey for this place
      }
    });
  }
}
