/* Shows push messages, also while no page is open, and leads to what they are about. */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(told.title || "邻里", {
      body: told.body || "",
      tag: told.tag,
      icon: "/static/linli/mark.svg",
      data: { url: told.url || "/notices/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.url, self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((windows) => {
      const open = windows.find((one) => one.url === address.href);
      return open ? open.focus() : self.clients.openWindow(address.href);
    }),
  );
});
