// The box for SQL: Ctrl+Enter sends it, a click on the name of a table or column writes the name at the cursor.
"use strict";

const box = document.getElementById("q");

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    box.form.requestSubmit();
  }
});

function insert(name) {
  const before = box.value.slice(0, box.selectionStart);
  const space = before && !/[\s(.,]$/.test(before) ? " " : "";
  box.setRangeText(space + name, box.selectionStart, box.selectionEnd, "end");
  box.focus();
}

for (const code of document.querySelectorAll("code[data-insert]")) {
  code.tabIndex = 0;
  code.setAttribute("role", "button");
  code.addEventListener("click", () => insert(code.dataset.insert));
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      insert(code.dataset.insert);
    }
  });
}

for (const id of ["keys", "hint"]) document.getElementById(id).hidden = false;
