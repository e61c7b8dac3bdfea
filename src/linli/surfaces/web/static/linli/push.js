/* Switches push messages on and off in this browser. Without support the page says so itself. */

(() => {
  const box = document.getElementById("push");
  if (!box) return;
  const button = box.querySelector("button");
  const words = box.querySelector("[role=status]");
  const say = (name) => { words.textContent = box.dataset[name]; };

  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    say("unsupported");
    return;
  }
  const label = button.querySelector("span");

  const bytes = (text) => {
    const base64 = (text + "=".repeat(-text.length & 3)).replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  };

  const tell = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": box.dataset.csrf },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json()).detail);
  };

  const show = (on) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on));
    label.textContent = on ? box.dataset.off : box.dataset.on;
    say(on ? "isOn" : "isOff");
  };

  const switchOn = async (registration) => {
    if ((await Notification.requestPermission()) !== "granted") {
      say("refused");
      return;
    }
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(box.dataset.key),
    });
    try {
      await tell(box.dataset.subscribe, subscription.toJSON());
    } catch (error) {
      await subscription.unsubscribe();
      throw error;
    }
    show(true);
  };

  const switchOff = async (subscription) => {
    await tell(box.dataset.unsubscribe, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
    show(false);
  };

  const begin = async () => {
    const registration = await navigator.serviceWorker.register("/sw.js");
    show(Boolean(await registration.pushManager.getSubscription()));
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const subscription = await registration.pushManager.getSubscription();
        await (subscription ? switchOff(subscription) : switchOn(registration));
      } catch (error) {
        words.textContent = `${box.dataset.failed} ${error.message || ""}`;
      }
      button.disabled = false;
    });
  };
  begin().catch(() => say("failed"));
})();
