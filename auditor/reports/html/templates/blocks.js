// Draws blocks (blocks.py) as blocks.html.jinja does. Evidence enters as text nodes only, never as markup.
const el = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const span = (name, text) => el("span", { class: name }, text);
const head = (...labels) =>
  el("thead", {}, el("tr", {}, ...labels.map((label) => el("th", { scope: "col" }, label))));

const digest = (text) =>
  el("details", { class: "digest" }, el("summary", {}, text.slice(0, 12) + "…"), el("span", {}, text));

const drawCode = (label, text) =>
  el("figure", { class: "code" },
    el("figcaption", {}, label),
    el("button", { type: "button", class: "copy" }, "Copy"),
    el("pre", { tabindex: "0" }, text));

const evidenceLink = (row) => el("a", { href: "#" + row[0] }, row[0]);

const reference = ([position, pointer], evidence) => {
  const ref = span("ref", evidenceLink(evidence(position)));
  ref.append(" " + (pointer || "/"));
  return ref;
};

const marks = (pieces) => pieces.map(([text, differs]) => differs ? el("mark", {}, text) : text);

const ruleLink = (number) =>
  el("a", { class: "rests", href: `#rule-${number}`, "aria-label": `Rule ${number}`, title: `Rule ${number}: on what this rests` }, number);

const kinds = {
  p: ([tone, text]) => el("p", { class: tone }, text),
  rule: ([number]) => el("p", { class: "rule-cited" }, ruleLink(number)),
  h: ([text]) => el("h5", {}, text),
  code: ([label, text]) => drawCode(label, text),
  marked: ([label, pieces, refs, note], evidence) =>
    el("figure", { class: "code marked" },
      el("figcaption", {}, label, ...refs.flatMap((ref) => [" ", reference(ref, evidence)])),
      el("button", { type: "button", class: "copy" }, "Copy"),
      el("pre", { tabindex: "0" }, ...marks(pieces)),
      ...(note ? [el("p", { class: "note" }, note)] : [])),
  compared: ([rows], evidence) =>
    el("table", { class: "compared" },
      el("caption", {}, "Values that decide"),
      head("Object", "Member", "Value", "Evidence"),
      el("tbody", {},
        ...rows.map(([owner, member, value, ref]) =>
          el("tr", {}, el("td", {}, owner), el("th", { scope: "row", class: "mono" }, member),
            el("td", { class: "mono" }, el("mark", {}, value)), el("td", {}, reference(ref, evidence)))))),
  sets: ([rows]) =>
    el("dl", { class: "sets" },
      ...rows.map(([of, label, names]) =>
        el("div", { class: of }, el("dt", {}, `${label} (${names.length})`),
          el("dd", {}, ...(names.length ? names.flatMap((name) => [el("code", {}, name), " "]) : ["–"]))))),
  table: ([caption, labels, rows]) =>
    el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
      el("table", { class: "plain" },
        el("caption", {}, caption),
        head(...labels),
        el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((text) => el("td", {}, text))))))),
  facts: ([rows]) =>
    el("dl", { class: "facts" },
      ...rows.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))),
  steps: ([texts]) => el("ol", { class: "steps" }, ...texts.map((text) => el("li", {}, text))),
  bullets: ([texts]) => el("ul", { class: "bullets" }, ...texts.map((text) => el("li", {}, text))),
  addresses: ([urls]) =>
    el("ul", { class: "addresses" },
      ...urls.map(([title, url]) => el("li", {},
        url.startsWith("https://") ? el("a", { href: url, rel: "noreferrer" }, title) : title))),
  chain: ([boxes]) =>
    el("ol", { class: "chain" },
      ...boxes.map(([letter, link, state, word, name, decides]) =>
        el("li", { class: decides ? `${state} ${decides}` : state },
          span("letter", letter), span("link", link), span("name", name), span("state", word),
          ...(decides ? [span("verdict-here", "decides")] : [])))),
  links: ([rows], evidence) =>
    el("table", { class: "links" },
      el("caption", {}, "Link by link"),
      head("Link", "Found", "State", "Evidence"),
      el("tbody", {},
        ...rows.map(([link, found, state, word, reason, rule, refs]) =>
          el("tr", {},
            el("th", { scope: "row" }, link),
            el("td", { class: "mono" }, found),
            el("td", {}, span(`state ${state}`, word),
              ...(reason ? [el("span", { class: "why" }, reason, ...(rule ? [" ", ruleLink(rule)] : []))] : [])),
            el("td", {}, ...refs.map((ref) => reference(ref, evidence))))))),
  evidence: ([refs], evidence) =>
    el("table", { class: "cited" },
      el("caption", {}, "Cited captures"),
      head("No.", "File and place", "SHA-256", "Captured at"),
      el("tbody", {},
        ...refs.map(([position, pointer]) => {
          const row = evidence(position);
          return el("tr", {},
            el("td", {}, evidenceLink(row)),
            el("td", { class: "mono" }, row[1], span("pointer", pointer || "/")),
            el("td", {}, digest(row[2])),
            el("td", {}, row[3]));
        }))),
  fold: ([summary, inner, paper], evidence) =>
    el("details", { class: paper ? `fold ${paper}` : "fold" }, el("summary", {}, summary), el("div", {}, ...draw(inner, evidence))),
  box: ([tone, title, inner], evidence) =>
    el("div", { class: `box ${tone}` }, el("p", { class: "title" }, title), ...draw(inner, evidence)),
};

const draw = (blocks, evidence) => blocks.map(([kind, ...rest]) => kinds[kind](rest, evidence));
