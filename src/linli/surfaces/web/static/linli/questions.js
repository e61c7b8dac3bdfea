/* Further questions appear with the category chosen, and only those that the answers call for.
   Without this script a button asks for them, and each says when it is meant. */
(function () {
  "use strict";
  var box = document.getElementById("questions"), category = document.getElementById("id_category");
  if (!box || !category || !window.fetch) { return; }
  var more = document.getElementById("ask-more"), form = category.form, last = category.value;
  if (more) { more.hidden = true; }
  function answered(name) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name === name && ((one.type !== "radio" && one.type !== "checkbox") || one.checked);
    }).map(function (one) { return one.value; });
  }
  function choose() {
    box.querySelectorAll(".question[data-when]").forEach(function (question) {
      question.hidden = answered(question.dataset.when).indexOf(question.dataset.equals) < 0;
      var only = question.querySelector(".question__only");
      if (only) { only.hidden = true; }
    });
  }
  function fetchQuestions() {
    last = category.value;
    fetch(box.dataset.url + "?category=" + encodeURIComponent(last), { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (html) { box.innerHTML = html; choose(); })
      .catch(function () { if (more) { more.hidden = false; } });
  }
  category.addEventListener("change", fetchQuestions);
  box.addEventListener("change", choose);
  choose();
  /* A draft put back may have chosen a category the page was not made for. */
  if (category.value && !box.querySelector(".question")) { fetchQuestions(); }
})();
