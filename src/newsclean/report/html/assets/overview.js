"use strict";
// Draws the charts of the report from the counts in the page; all of it from this one file, nothing from a network.
(() => {
  const counts = JSON.parse(document.getElementById("counts").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const site = document.getElementById("site");
  const charts = new Map();
  const hues = ["#1f6feb", "#1a9b5f", "#d4830f", "#9a4fd1", "#cf3f4f", "#0f95a3", "#8a8f00", "#7b8794"];
  const MOST = 7;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const plain = (text) => text.replace(/[<>&]/g, (c) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;" })[c]);
  const short = (text, most = 26) => (text.length > most ? text.slice(0, most - 1) + "…" : text);
  const wanted = (row) => !site.value || row[0] === site.value;
  const add = (map, key, n) => map.set(key, (map.get(key) || 0) + n);

  function draw(id, option) {
    const place = document.getElementById(id);
    if (!charts.has(id)) {
      place.style.height = place.dataset.height + "px";
      charts.set(id, echarts.init(place, null, { renderer: "svg" }));
    }
    const ink = colour("--ink"), soft = colour("--soft");
    charts.get(id).setOption({
      animation: false, color: hues, textStyle: { color: ink, fontFamily: "system-ui, sans-serif" },
      tooltip: { confine: true, backgroundColor: colour("--panel"), borderColor: colour("--line"), textStyle: { color: ink } },
      legend: option.legend && { itemGap: 18, ...option.legend, textStyle: { color: soft, fontFamily: "system-ui, sans-serif", fontSize: 12 }, type: "plain", top: 0 },
      ...option.rest,
    }, true);
  }
  const axis = (more) => ({
    axisLabel: { color: colour("--soft"), hideOverlap: true, fontFamily: "system-ui, sans-serif", ...more.label }, axisLine: { lineStyle: { color: colour("--line") } },
    splitLine: { lineStyle: { color: colour("--line") } }, axisTick: { show: false }, ...more.rest,
  });

  function top(pairs, most) {
    const order = [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return new Set(order.slice(0, most).map(([name]) => name));
  }

  function flow() {
    const bySite = new Map(), byReason = new Map();
    for (const row of counts.flows) if (wanted(row)) {
      add(bySite, row[0], row[3]);
      if (row[2]) add(byReason, row[2], row[3]);
    }
    const shownSites = top(bySite, MOST + 1), shownReasons = top(byReason, MOST);
    const links = new Map(), nodes = new Map(), narrow = window.innerWidth < 700;
    for (const row of counts.flows) if (wanted(row)) {
      const from = shownSites.has(row[0]) ? row[0] : "other sites";
      const by = row[1] + "\u200b";
      const to = row[2] ? (narrow ? "" : "rejected: ") + (shownReasons.has(row[2]) ? row[2] : "other reasons") : "articles";
      nodes.set(from, hues[7]); nodes.set(by, hues[0]); nodes.set(to, row[2] ? hues[4] : hues[1]);
      add(links, JSON.stringify([from, by]), row[3]);
      add(links, JSON.stringify([by, to]), row[3]);
    }
    const label = (name, value) => short(name, narrow ? 16 : 30) + "  " + value.toLocaleString("en");
    const ends = [...links].map(([pair, value]) => label(JSON.parse(pair)[1], value).length);
    const room = Math.ceil(Math.max(12, ...ends) * (narrow ? 5.8 : 6.6)) + 12;  // letters have no one width: rather more
    draw("flow-chart", { rest: {
      series: [{
        type: "sankey", left: 4, right: room, top: 8, bottom: 8, nodeGap: 14, nodeWidth: 14, draggable: false,
        emphasis: { focus: "adjacency" }, lineStyle: { color: "gradient", opacity: .35 },
        label: { color: colour("--ink"), fontSize: narrow ? 10 : 12, formatter: (n) => label(n.name, n.value) },
        data: [...nodes].map(([name, color]) => ({ name, itemStyle: { color } })),
        links: [...links].map(([pair, value]) => ({ source: JSON.parse(pair)[0], target: JSON.parse(pair)[1], value })),
      }],
      tooltip: { trigger: "item", confine: true, backgroundColor: colour("--panel"), textStyle: { color: colour("--ink") },
        formatter: (one) => plain(one.data.source ? one.data.source + " → " + one.data.target + ": " + one.data.value : one.name + ": " + one.value) },
    } });
  }

  function days() {
    const bySite = new Map(), byDay = new Map();
    let undated = 0;
    for (const [name, day, n] of counts.days) if (wanted([name])) {
      if (day === null) undated += n;
      else { add(bySite, name, n); byDay.set(day, true); }
    }
    const shown = top(bySite, MOST);
    const order = [...byDay.keys()].sort();
    const at = new Map(order.map((day, i) => [day, i]));
    const rows = new Map();
    for (const [name, day, n] of counts.days) if (wanted([name]) && day !== null) {
      const key = shown.has(name) ? name : "other sites";
      if (!rows.has(key)) rows.set(key, new Array(order.length).fill(0));
      rows.get(key)[at.get(day)] += n;
    }
    document.getElementById("undated").textContent = undated
      ? undated.toLocaleString("en") + " articles have no date: their pages do not say one." : "All articles have a date.";
    const names = [...rows.keys()].sort((a, b) => (bySite.get(b) || 0) - (bySite.get(a) || 0));
    draw("day-chart", { legend: { data: names, formatter: (n) => short(n) }, rest: {
      grid: { left: 8, right: 12, top: window.innerWidth < 700 ? 16 + 26 * Math.ceil(names.length / 2) : 40, bottom: 8, containLabel: true },
      xAxis: axis({ rest: { type: "category", data: order } }), yAxis: axis({ rest: { type: "value", minInterval: 1 } }),
      series: names.map((name) => ({ name, type: "bar", stack: "all", data: rows.get(name), barMaxWidth: 26 })),
    } });
  }

  function bars(id, pairs, turned) {
    const names = axis({ rest: { type: "category", data: pairs.map(([n]) => n), inverse: turned } });
    const values = axis({ rest: { type: "value", minInterval: 1 } });
    draw(id, { rest: {
      grid: { left: 8, right: 44, top: 12, bottom: 8, containLabel: true },
      xAxis: turned ? values : names, yAxis: turned ? names : values,
      series: [{ type: "bar", data: pairs.map(([, v]) => v), barMaxWidth: 22,
        label: { show: true, position: turned ? "right" : "top", color: colour("--soft"), formatter: (o) => o.value ? o.value.toLocaleString("en") : "" } }],
    } });
  }

  function languages() {
    const found = new Map();
    for (const [name, language, n] of counts.languages) if (wanted([name])) add(found, language, n);
    const order = [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const rest = order.slice(14).reduce((sum, [, n]) => sum + n, 0);
    bars("language-chart", rest ? [...order.slice(0, 14), ["other", rest]] : order, true);
  }

  function all() {
    flow(); days(); languages();
    bars("word-chart", counts.words, false);
    bars("confidence-chart", counts.confidence, false);
    for (const row of document.querySelectorAll("#fill tbody tr")) row.hidden = site.value !== "" && row.dataset.site !== site.value && row.dataset.site !== "all sites";
    document.getElementById("chosen").textContent = site.value ? "Charts and fields show " + site.value + "; tables below show all sites." : "";
  }

  const filter = document.getElementById("rule-filter"), rows = document.querySelectorAll("#rules tbody tr");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase();
    let shown = 0;
    for (const row of rows) { row.hidden = !row.textContent.toLowerCase().includes(words); shown += !row.hidden; }
    document.getElementById("rule-count").textContent = words ? shown + " of " + rows.length : "";
  });
  const resize = () => { for (const chart of charts.values()) chart.resize(); };
  site.addEventListener("change", all);
  dark.addEventListener("change", all);
  let waiting = 0;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => { resize(); flow(); days(); }, 120); });
  window.addEventListener("beforeprint", resize);
  all();
})();
