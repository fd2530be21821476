// Everything is readable without this script; it only adds what is named in the other parts.
document.documentElement.classList.add("js");
const tables = Object.fromEntries(
  [...document.querySelectorAll("table[data-table]")].map((table) => [table.dataset.table, new DataTable(table)]));
// Positions in the data speak of the order in which the evidence was numbered, whatever the table's sorting.
const numbered = [...tables.evidence.rows];
const findings = new Findings((position) => tables.evidence.cells(numbered[position]));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const text = button.parentElement.querySelector("pre").textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // The clipboard is refused to some pages opened from disk: select the text for the reader instead.
    getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});

const follow = () => {
  const target = decodeURIComponent(location.hash.slice(1));
  if (target.startsWith("F-")) findings.goTo(target);
};
addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  // A second click on the same link changes no address.
  const link = event.target.closest("a[href^='#F-']");
  if (link && link.hash === location.hash) follow();
});
follow();

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
