/* Addresses that go with what is typed; the chosen one also tells the point. */
(function () {
  "use strict";
  var address = document.getElementById("id_address"), list = document.getElementById("places");
  var longitude = document.getElementById("id_longitude"), latitude = document.getElementById("id_latitude");
  if (!address || !list) { return; }
  var pause;
  address.setAttribute("autocomplete", "off");
  address.addEventListener("input", function () {
    clearTimeout(pause);
    if (longitude && latitude) { longitude.value = latitude.value = ""; } /* another place */
    pause = setTimeout(function () {
      fetch(list.dataset.url + "?address=" + encodeURIComponent(address.value), { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) { list.innerHTML = html; })
        .catch(function () { list.textContent = ""; });
    }, 300);
  });
  list.addEventListener("click", function (event) {
    var choice = event.target.closest("button");
    if (!choice) { return; }
    address.value = choice.dataset.address;
    if (longitude && latitude) {
      longitude.value = choice.dataset.longitude || "";
      latitude.value = choice.dataset.latitude || "";
    }
    list.textContent = "";
    address.focus();
  });
})();
