"use strict";
// Gathers verdicts and corrections of a review sheet and hands them over as a file; nothing leaves this page by itself.
(() => {
  const sheet = JSON.parse(document.getElementById("sheet").textContent);
  const sections = [...document.querySelectorAll("section.review")];
  const memory = "newsclean-audit-" + sheet.sheet;
  const printed = new Map();
  for (const area of document.querySelectorAll("textarea[data-field]")) printed.set(area, area.value);

  const verdictOf = (section) => section.querySelector("input[type=radio]:checked")?.value || "";

  function state(section) {
    const corrections = [];
    for (const area of section.querySelectorAll("textarea[data-field]")) {
      if (area.value !== printed.get(area)) {
        corrections.push({ segment: Number(area.dataset.segment), field: area.dataset.field, text: area.value });
      }
    }
    return {
      key: section.dataset.key, verdict: verdictOf(section), note: section.querySelector("[data-note]").value,
      reason: section.querySelector("[data-reason]").value, corrections,
    };
  }

  function restore() {
    let known;
    try { known = JSON.parse(localStorage.getItem(memory) || "[]"); } catch { known = []; }
    for (const one of known) {
      const section = sections.find((s) => s.dataset.key === one.key);
      if (!section) continue;
      const radio = [...section.querySelectorAll("input[type=radio]")].find((r) => r.value === one.verdict);
      if (radio) radio.checked = true;
      section.querySelector("[data-note]").value = one.note;
      section.querySelector("[data-reason]").value = one.reason;
      for (const c of one.corrections) {
        const area = section.querySelector(`textarea[data-field="${CSS.escape(c.field)}"][data-segment="${c.segment}"]`);
        if (area) area.value = c.text;
      }
    }
  }

  function refresh() {
    const states = sections.map(state);
    try { localStorage.setItem(memory, JSON.stringify(states)); } catch { /* no storage: the file is what counts */ }
    const done = states.filter((one) => one.verdict).length;
    document.getElementById("progress").textContent = done + " of " + states.length + " have a verdict";
    const show = document.getElementById("show").value;
    sections.forEach((section, i) => {
      section.hidden = show === "open" ? states[i].verdict !== "" : show === "wrong" ? states[i].verdict !== "wrong" : false;
    });
  }

  document.getElementById("save").addEventListener("click", () => {
    const verdicts = sections.map(state).filter((one) => one.verdict && one.verdict !== "skip")
      .map((one) => ({ ...sheet.pages[one.key], ...one }));
    const text = JSON.stringify({ newsclean_audit: 1, dataset: sheet.dataset, verdicts }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "verdicts.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  document.addEventListener("change", refresh);
  document.addEventListener("input", (event) => {
    const section = event.target.closest("section.review");
    if (section && event.target.matches("textarea[data-field]") && !verdictOf(section)) {
      section.querySelector('input[value="wrong"]').checked = true;
    }
    refresh();
  });
  restore();
  refresh();
})();
