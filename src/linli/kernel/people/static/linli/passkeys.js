// Passkeys: a form with data-passkey="add", "authenticate" or "sign-in" is filled in by the device
// and sent. Where the browser knows none, such forms stay hidden or say so, and the other way stays.
(() => {
  const json = window.webauthnJSON;
  const able = json && json.supported && json.supported();

  const given = () => JSON.parse(document.getElementById("passkey-options").textContent);

  async function asked(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function creation(form) {
    const options = given().creation_options;
    const alone = form.querySelector("[name=passwordless]");
    const chosen = options.publicKey.authenticatorSelection;
    if (alone && chosen) {
      chosen.residentKey = alone.checked ? "required" : "discouraged";
      chosen.requireResidentKey = alone.checked;
      if (alone.checked) chosen.userVerification = "required";
    }
    return options;
  }

  const ways = {
    add: (form) => json.create(creation(form)),
    authenticate: () => json.get(given().request_options),
    "sign-in": async (form) => json.get((await asked(form)).request_options),
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-button]");
    const failed = form.querySelector("#passkey-failed");
    if (!able) {
      if (failed) failed.hidden = false;
      button.disabled = true;
      continue;
    }
    form.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      failed.hidden = true;
      try {
        const credential = await ways[form.dataset.passkey](form);
        form.querySelector("[name=credential]").value = JSON.stringify(credential);
        form.submit();
      } catch {
        failed.hidden = false; // refused by the person, or too late: nothing was lost
        button.disabled = false;
      }
    });
  }
})();
