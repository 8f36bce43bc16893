// The page of a model: its table, and its graph laid out by dagre.  What is chosen is told to the editor around the
// page, if there is one ({command: "reveal", uri, line, column}; lines and columns count from 1).
(() => {
  "use strict";
  const models = JSON.parse(document.getElementById("data").textContent);
  const host = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : null;
  const $ = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const CHAR = 7.3, ROW = 16, MANY = 40;
  let current = models[0], collapsed = true, scale = 1, opened = new Set(), drawn = null;

  function element(name, attributes = {}, ...children) {
    const svg = ["svg", "g", "rect", "path", "text", "title", "defs", "marker", "tspan"].includes(name);
    const made = svg ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(key, value);
      else if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function reveal(place) {
    if (!place) return;
    const file = decodeURIComponent(place.uri.split("/").pop());
    $("place").textContent = `${file}:${place.line}:${place.column}`;
    if (host) host.postMessage({ command: "reveal", uri: place.uri, line: place.line, column: place.column });
  }

  const number = (value) => (value === null ? "?" : value.toLocaleString("en-US"));
  const words = (layer) => `${layer.name} ${layer.class}`.toLowerCase();

  // What is drawn: nodes, edges and the boxes around opened models.

  function graphOf(model) {
    const graph = { nodes: new Map(), edges: [], clusters: [] };
    add(graph, model, "", null);
    return graph;
  }

  function add(graph, model, prefix, parent) {
    const owner = new Map();  // the node that stands for a row, or those that an opened model ends with
    const entries = [];  // [node, number of the input] of what takes the inputs of the whole model
    const groups = new Map();
    for (const repeat of model.repeats) {
      const key = `${prefix}x${repeat.first}`;
      const size = repeat.length * repeat.count;
      if (opened.has(key) || !collapsed) continue;
      for (let row = repeat.first; row < repeat.first + size; row++) groups.set(row, [key, repeat]);
    }
    const inner = new Map();
    for (const layer of model.layers) {
      const id = `${prefix}${layer.id}`;
      const group = groups.get(layer.id);
      if (group) {
        const [key, repeat] = group;
        if (!graph.nodes.has(key)) graph.nodes.set(key, groupNode(model, key, repeat, parent));
        const node = graph.nodes.get(key);
        node.words.push(words(layer));
        node.failing ||= layer.failing;
        node.last = layer;
        owner.set(layer.id, [key]);
      } else if (layer.model && opened.has(id)) {
        graph.clusters.push({ id: `${id}/`, label: `▾ ${layer.name} (${layer.class})`, key: id, parent });
        const inside = add(graph, layer.model, `${id}/`, `${id}/`);
        inner.set(layer.id, inside);
        owner.set(layer.id, inside.sinks);
      } else {
        graph.nodes.set(id, layerNode(layer, id, parent));
        owner.set(layer.id, [id]);
      }
    }
    const used = new Set();
    let inputs = 0;
    for (const layer of model.layers) {
      if (layer.class === "InputLayer" && !layer.inputs.length && prefix) entries.push([owner.get(layer.id)[0], inputs++]);
      layer.inputs.forEach((link, position) => {
        const targets = inner.has(layer.id)
          ? inner.get(layer.id).entries.filter(([, n], at, all) => n === position || all.every(([, m]) => m !== position)).map(([node]) => node)
          : owner.get(layer.id);
        let sources = link.from === null ? null : owner.get(link.from);
        if (link.from !== null) used.add(link.from);
        if (sources === null && prefix) {
          for (const target of targets) entries.push([target, 0]);
          return;
        }
        if (sources === null) {
          const id = `${prefix}in ${link.name}`;
          if (!graph.nodes.has(id))
            graph.nodes.set(id, { id, parent, kind: "input", lines: [link.name], words: [link.name], place: null });
          sources = [id];
        }
        for (const source of sources) for (const target of targets) {
          if (source === target) continue;
          const key = `${source}>${target}`;
          const same = graph.edges.find((edge) => edge.key === key && edge.shape === link.shape);
          if (same) same.failing ||= link.failing;
          else graph.edges.push({ key, source, target, shape: link.shape, failing: link.failing, place: link.call || layer.made });
        }
      });
    }
    const ends = model.layers.filter((layer) => !used.has(layer.id));
    return { entries, sinks: [...new Set(ends.flatMap((layer) => owner.get(layer.id)))] };
  }

  function layerNode(layer, id, parent) {
    const lines = [(layer.model ? "▸ " : "") + layer.name, `${layer.class} · ${number(layer.params)}`];
    return { id, parent, kind: layer.model ? "group" : "layer", lines, words: [words(layer)], failing: layer.failing,
      place: layer.made || layer.calls[0], layer, key: layer.model ? id : null };
  }

  function groupNode(model, key, repeat, parent) {
    const block = model.layers.slice(repeat.first, repeat.first + repeat.length);
    const classes = block.map((layer) => layer.class);
    const shown = classes.slice(0, 5).concat(classes.length > 5 ? [`… ${classes.length - 5} more`] : []);
    const all = model.layers.slice(repeat.first, repeat.first + repeat.length * repeat.count);
    const total = all.reduce((sum, layer) => (sum === null || layer.params === null ? null : sum + layer.params), 0);
    return { id: key, parent, kind: "group", lines: [`▸ ${repeat.count} × ${repeat.length} layers · ${number(total)}`, ...shown],
      words: [], failing: false, place: block[0].made, layer: block[0], key };
  }

  function draw() {
    const graph = graphOf(current.model);
    const layout = new dagre.graphlib.Graph({ compound: true, multigraph: true });
    layout.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 34, marginx: 16, marginy: 16 });
    layout.setDefaultEdgeLabel(() => ({}));
    for (const cluster of graph.clusters) layout.setNode(cluster.id, { label: cluster.label });
    for (const node of graph.nodes.values()) {
      const width = Math.max(...node.lines.map((line) => line.length)) * CHAR + 16;
      layout.setNode(node.id, { width, height: node.lines.length * ROW + 8 });
    }
    for (const one of [...graph.clusters, ...graph.nodes.values()]) if (one.parent) layout.setParent(one.id, one.parent);
    graph.edges.forEach((edge, n) =>
      layout.setEdge(edge.source, edge.target, { width: edge.shape.length * CHAR, height: ROW, labelpos: "c" }, `e${n}`));
    dagre.layout(layout);
    const { width, height } = layout.graph();
    const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": current.title });
    const arrow = (id, name) => element("marker", { id, class: name, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" },
      element("path", { d: "M0 0L8 4L0 8z" }));
    svg.append(element("defs", {}, arrow("arrow", ""), arrow("wrong", "failing")));
    for (const cluster of graph.clusters) {
      const at = layout.node(cluster.id);
      svg.append(element("g", { class: "cluster" },
        element("rect", { x: at.x - at.width / 2, y: at.y - at.height / 2, width: at.width, height: at.height }),
        element("text", { x: at.x - at.width / 2 + 6, y: at.y - at.height / 2 + 13, click: () => toggle(cluster.key) }, cluster.label)));
    }
    graph.edges.forEach((edge, n) => {
      const line = layout.edge(edge.source, edge.target, `e${n}`);
      const d = "M" + line.points.map((p) => `${p.x} ${p.y}`).join("L");
      svg.append(element("g", { class: edge.failing ? "edge failing" : "edge", click: () => reveal(edge.place) },
        element("path", { d, "marker-end": edge.failing ? "url(#wrong)" : "url(#arrow)" }),
        element("path", { d, class: "wide" }),
        element("text", { x: line.x, y: line.y + 4, "text-anchor": "middle", class: "shape" }, edge.shape)));
    });
    for (const node of graph.nodes.values()) {
      const at = layout.node(node.id);
      const choose = () => {
        select(node.layer);
        reveal(node.place);
      };
      const box = element("g", { class: `node ${node.kind}${node.failing ? " failing" : ""}`, tabindex: 0, click: choose,
        dblclick: () => node.key && toggle(node.key), keydown: (event) => event.key === "Enter" && choose() },
        element("rect", { x: at.x - at.width / 2, y: at.y - at.height / 2, width: at.width, height: at.height }));
      node.lines.forEach((line, n) => {
        const opener = n === 0 && node.key;
        box.append(element("text", { x: at.x, y: at.y - at.height / 2 + 17 + n * ROW, "text-anchor": "middle", class: n ? "class" : "name",
          click: opener ? (event) => { event.stopPropagation(); toggle(node.key); } : null }, line));
      });
      node.box = box;
      svg.append(box);
    }
    drawn = { graph, svg, width, height };
    $("graph").replaceChildren(svg);
    zoom(scale);
    search();
  }

  function zoom(to) {
    scale = Math.min(Math.max(to, 0.1), 3);
    drawn.svg.setAttribute("width", drawn.width * scale);
    drawn.svg.setAttribute("height", drawn.height * scale);
  }

  function toggle(key) {
    if (!opened.delete(key)) opened.add(key);
    draw();
  }

  function select(layer) {
    for (const row of document.querySelectorAll("tr.chosen, .node.chosen")) row.classList.remove("chosen");
    const row = layer && [...$("rows").children].find((one) => one.layer === layer);
    if (row) {
      row.classList.add("chosen");
      row.scrollIntoView({ block: "nearest" });
    }
    for (const node of drawn.graph.nodes.values()) if (node.layer === layer && layer) {
      node.box.classList.add("chosen");
      node.box.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function rows(model, level) {
    const connected = !model.layers.every((layer, n) => layer.inputs.every((link) => link.from === null || link.from === n - 1));
    return model.layers.flatMap((layer) => {
      const from = layer.inputs.map((link) => link.name + (link.node === null ? "" : `[${link.node}][${link.tensor}]`)).join(", ");
      const row = element("tr", { class: layer.failing ? "failing" : "", click: () => { select(layer); reveal(layer.made || layer.calls[0]); } },
        element("td", {}, "\u00a0\u00a0".repeat(level) + layer.name, element("span", { class: "faint" }, ` (${layer.class})`)),
        element("td", {}, layer.output),
        element("td", { class: "number" }, layer.built === false ? "0 (unbuilt)" : number(layer.params)),
        element("td", { class: "faint" }, connected || level ? from : ""));
      row.layer = layer;
      row.words = words(layer);
      return [row, ...(layer.model ? rows(layer.model, level + 1) : [])];
    });
  }

  function search() {
    const text = $("search").value.trim().toLowerCase();
    drawn.svg.classList.toggle("searching", text !== "");
    for (const node of drawn.graph.nodes.values())
      node.box.classList.toggle("found", text !== "" && node.words.some((one) => one.includes(text)));
    for (const row of $("rows").children) row.classList.toggle("hidden", text !== "" && !row.words.includes(text));
  }

  function show(model) {
    current = model;
    opened = new Set();
    collapsed = model.model.layers.length > MANY;
    scale = 1;
    const { model: inside } = model;
    $("name").textContent = `${model.name}${model.kind === "builder" ? "()" : ""}`;
    $("kind").textContent = `${inside.class} "${inside.name}"`;
    $("ends").textContent = `${inside.input} → ${inside.output}`;
    const parts = [`${number(inside.params)} params`];
    if (inside.size) parts.push(inside.size);
    if (inside.trainable !== null && inside.non_trainable) parts.push(`${number(inside.trainable)} trainable`);
    $("count").textContent = parts.join(" · ");
    $("failures").replaceChildren(...model.failures.map((failure) =>
      element("li", { click: () => { select(inside.layers[failure.layer]); reveal(failure); } },
        element("b", {}, `line ${failure.line}: ${failure.reason}`), failure.exception)));
    $("rows").replaceChildren(...rows(inside, 0));
    $("printed").textContent = model.table;
    $("collapse").setAttribute("aria-pressed", collapsed);
    draw();
  }

  $("search").addEventListener("input", search);
  $("search").addEventListener("keydown", (event) => {
    const found = drawn.svg.querySelectorAll(".node.found");
    if (event.key === "Enter" && found.length) found[0].scrollIntoView({ block: "center", inline: "center" });
  });
  $("collapse").addEventListener("click", () => {
    collapsed = !collapsed;
    opened = new Set();
    $("collapse").setAttribute("aria-pressed", collapsed);
    draw();
  });
  $("smaller").addEventListener("click", () => zoom(scale / 1.25));
  $("larger").addEventListener("click", () => zoom(scale * 1.25));
  $("fit").addEventListener("click", () => zoom(Math.min($("graph").clientWidth / drawn.width, $("graph").clientHeight / drawn.height)));
  if (models.length > 1) {
    $("models").hidden = false;
    $("models").append(...models.map((model, n) => element("option", { value: n }, `${model.name} (line ${model.line})`)));
    $("models").addEventListener("change", () => show(models[Number($("models").value)]));
  }
  show(current);
})();
