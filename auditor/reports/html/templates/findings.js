// Search and filters over all findings; cards beyond the plain ones are drawn when they are opened.
const CARDS_AT_ONCE = 50;

class PlainFinding {
  constructor(card) {
    this.card = card;
    this.number = card.id;
    this.verdict = card.dataset.verdict;
    this.control = card.dataset.control;
  }
  get text() {
    return (this.known ||= this.card.textContent.toLowerCase());
  }
  matches(query) {
    return this.text.includes(query);
  }
  fields() {
    const of = (name) => this.card.querySelector(`summary > .${name}`).textContent;
    const lead = this.card.querySelector(".lead");
    return [this.number, of("account"), of("named"), this.control, of("badge"), lead ? lead.textContent : ""];
  }
}

class DataFinding {
  constructor([number, account, control, badge, content, base], evidence, withReason) {
    this.number = number;
    [this.account, this.name] = data.accounts[account];
    this.control = data.controls[control];
    this.badge = restore(badge, "", 0);
    this.verdict = this.badge[1].split(",")[0];
    this.content = content;
    this.base = base;
    this.evidence = evidence;
    this.withReason = withReason;
  }
  matches(query) {
    if (`${this.number}\n${this.account}\n${this.name}\n${this.control}`.toLowerCase().includes(query)) return true;
    const text = flatText(this.content);
    return text.includes(query) || (/\d/.test(query) && text.replaceAll(data.mark, this.account).includes(query));
  }
  blocks() {
    return restore(this.content, this.account, this.base);
  }
  get reason() {
    return restore(data.entries[data.entries[this.content][0]][2], this.account, 0);
  }
  fields() {
    return [this.number, this.account, this.name, this.control, this.badge[1], this.reason];
  }
  get card() {
    if (!this.drawn) {
      this.drawn = el("details", { class: "card", id: this.number, "data-verdict": this.verdict, "data-control": this.control },
        el("summary", {}, span("number", this.number), span("account", this.account), span("named", this.name),
          span("control", data.controls.length > 1 ? this.control : ""), span(`badge ${this.badge[0]}`, this.badge[1]),
          ...(this.withReason ? [span("reason", this.reason)] : [])));
      this.drawn.addEventListener("toggle", () => this.fill());
    }
    return this.drawn;
  }
  fill() {
    if (this.drawn.children.length === 1) {
      this.drawn.append(el("div", { class: "body" }, ...draw(this.blocks(), this.evidence)));
    }
  }
}

class Entry {
  constructor(section, evidence) {
    this.section = section;
    this.cards = section.querySelector(".cards");
    this.plain = [...this.cards.children].map((card) => new PlainFinding(card));
    this.lazy = (data.groups[section.id] || []).map((row) => new DataFinding(row, evidence, "reasons" in this.cards.dataset));
    this.findings = [...this.plain, ...this.lazy];
    this.matching = this.findings;
    this.limit = CARDS_AT_ONCE;
    if (this.lazy.length) {
      this.more = el("button", { type: "button", class: "more" }, "");
      this.more.addEventListener("click", () => { this.limit += CARDS_AT_ONCE * 4; this.show(); });
      this.cards.after(this.more);
      this.show();
    }
  }
  filter(wanted) {
    this.matching = this.findings.filter(wanted);
    this.limit = CARDS_AT_ONCE;
    this.show();
    this.section.hidden = this.matching.length === 0;
    return this.matching.length;
  }
  show() {
    // What is drawn already stays in the page, hidden: the reader's open cards are kept.
    const wanted = new Set(this.matching);
    for (const finding of this.plain) finding.card.hidden = !wanted.has(finding);
    if (!this.lazy.length) return;
    const lazy = this.matching.filter((finding) => finding instanceof DataFinding);
    const room = Math.max(0, this.limit - (this.matching.length - lazy.length));
    this.cards.replaceChildren(...this.plain.map((finding) => finding.card), ...lazy.slice(0, room).map((finding) => finding.card));
    const hidden = Math.max(0, lazy.length - room);
    this.more.hidden = hidden === 0;
    this.more.textContent = `Show ${Math.min(CARDS_AT_ONCE * 4, hidden)} of ${hidden} further findings`;
  }
  reveal(finding) {
    if (finding instanceof DataFinding && !finding.card.isConnected) this.cards.append(finding.card);
    // A link leads to its finding even where the filters leave it out.
    this.section.hidden = this.section.closest(".tier").hidden = false;
    finding.card.hidden = false;
    finding.card.open = true;
    if (finding instanceof DataFinding) finding.fill();
    finding.card.scrollIntoView();
    finding.card.querySelector("summary").focus();
  }
}

class Findings {
  constructor(evidence) {
    this.entries = [...document.querySelectorAll(".entry")].map((section) => new Entry(section, evidence));
    this.tiers = [...document.querySelectorAll(".tier")];
    this.total = this.entries.reduce((sum, entry) => sum + entry.findings.length, 0);
    this.query = byId("finding-query");
    this.control = byId("finding-control");
    this.boxes = [...document.querySelectorAll("#finding-tools input[name=verdict]")];
    this.query.addEventListener("input", later(() => this.filter()));
    for (const input of [...this.boxes, ...(this.control ? [this.control] : [])]) {
      input.addEventListener("change", () => this.filter());
    }
    byId("finding-tools").addEventListener("submit", (event) => event.preventDefault());
    byId("expand").addEventListener("click", () => this.toggleAll());
    byId("download").addEventListener("click", () => this.download());
    this.showCount(this.total);
  }
  filter() {
    const query = this.query.value.trim().toLowerCase();
    const verdicts = new Set(this.boxes.filter((box) => box.checked).map((box) => box.value));
    const control = this.control ? this.control.value : "";
    const wanted = (finding) =>
      verdicts.has(finding.verdict) && (!control || finding.control === control) && (!query || finding.matches(query));
    const found = this.entries.reduce((sum, entry) => sum + entry.filter(wanted), 0);
    for (const tier of this.tiers) tier.hidden = !tier.querySelector(".entry:not([hidden])");
    this.showCount(found);
  }
  showCount(found) {
    byId("finding-count").textContent = found === this.total ? `${found} findings` : `${found} of ${this.total} findings`;
  }
  toggleAll() {
    const button = byId("expand");
    const open = button.textContent === "Expand all";
    for (const card of document.querySelectorAll(".cards > .card:not([hidden])")) card.open = open;
    button.textContent = open ? "Collapse all" : "Expand all";
  }
  download() {
    const rows = this.entries.flatMap((entry) => entry.matching.map((finding) => finding.fields()));
    saveCsv("findings.csv", [["No.", "Account", "Name", "Control", "Verdict", "Reason"], ...rows]);
  }
  goTo(number) {
    for (const entry of this.entries) {
      const finding = entry.findings.find((one) => one.number === number);
      if (finding) entry.reveal(finding);
    }
  }
}
