/* Pictures are made smaller before they travel, shown, and can be taken out again.
   Works on every file input for images; without this script they are sent as they are. */
(function () {
  "use strict";
  var LONGEST = 1920, MOST = 12;

  function shrink(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) { return Promise.resolve(file); }
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (bitmap) {
      var scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
      if (scale === 1 && file.size < 700000) { return file; }
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(bitmap.width * scale);
      canvas.height = Math.round(bitmap.height * scale);
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      return new Promise(function (resolve) {
        canvas.toBlob(function (blob) {
          if (!blob || blob.size >= file.size) { resolve(file); return; }
          resolve(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
        }, "image/jpeg", 0.85);
      });
    }).catch(function () { return file; });
  }

  function attach(input, list, status) {
    var chosen = [];

    function put() {
      var carrier = new DataTransfer();
      chosen.forEach(function (file) { carrier.items.add(file); });
      input.files = carrier.files;
    }

    function show() {
      list.textContent = "";
      chosen.forEach(function (file, index) {
        var item = document.createElement("li");
        var image = document.createElement("img");
        image.alt = file.name;
        image.src = URL.createObjectURL(file);
        image.onload = function () { URL.revokeObjectURL(image.src); };
        var button = document.createElement("button");
        button.type = "button";
        button.className = "ll-button ll-button--plain";
        button.textContent = list.dataset.remove || "×";
        button.setAttribute("aria-label", (list.dataset.remove || "×") + " " + file.name);
        button.addEventListener("click", function () { chosen.splice(index, 1); put(); show(); });
        item.append(image, button);
        list.appendChild(item);
      });
    }

    input.addEventListener("change", function () {
      var fresh = Array.prototype.slice.call(input.files);
      if (!fresh.length) { put(); return; }
      if (status) { status.textContent = status.dataset.working || ""; }
      Promise.all(fresh.map(shrink)).then(function (small) {
        chosen = chosen.concat(small);
        if (status) { status.textContent = chosen.length > MOST ? status.dataset.many || "" : ""; }
        chosen = chosen.slice(0, MOST);
        put();
        show();
      });
    });
  }

  if (!window.DataTransfer || !window.Promise) { return; }
  document.querySelectorAll('input[type="file"][accept^="image"]').forEach(function (input) {
    var list = input.parentNode.querySelector(".ll-pictures");
    if (!list) {
      list = document.createElement("ul");
      list.className = "ll-pictures";
      input.insertAdjacentElement("afterend", list);
    }
    // The large label is the button; the browser's own, in the browser's language, is one too many.
    var label = input.previousElementSibling;
    if (label && label.classList.contains("picker")) { input.classList.add("picker__input"); }
    attach(input, list, input.parentNode.querySelector('[role="status"]'));
  });
})();
