"""The page as text: what stands in it, in which order, and that evidence stays text."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from auditor.errors import AuditorError
from auditor.reports.html import render
from auditor.result import AuditResult, ResultDocument, account_totals
from auditor.workpaper import view, visible
from auditor.workpaper.tiers import place_of
from auditor.workpaper.wording import REGIONS_WITHOUT_CAPTURES
from tests.reports.example_result import HOSTILE
from tests.reports.html.large import many_controls

# Elements and attributes that could fetch or run something; the page needs none of them.
ACTIVE_ELEMENTS = {"link", "img", "iframe", "object", "embed", "base", "audio", "video", "source", "use", "image"}
ACTIVE_ATTRIBUTES = re.compile(r"^(on.*|src|srcset|style|action|formaction|ping|background|poster|xlink:href)$")


class Outline(HTMLParser):
    """Elements with their attributes, and the text outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._silent = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data

    def all(self, name: str, **wanted: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag == name and wanted.items() <= attributes.items()]


def cards(page: str) -> list[dict[str, str]]:
    return Outline(page).all("details", **{"class": "card"})


def test_every_framework_has_a_page_with_the_same_bytes_each_time(example: AuditResult) -> None:
    for framework in example.document["frameworks"]:
        page = render(example, framework["id"])
        assert page == render(AuditResult(copy.deepcopy(example.document)), framework["id"])
        assert page.startswith(b"<!DOCTYPE html>")


def test_an_unknown_framework_is_named_with_the_known_ones(example: AuditResult) -> None:
    with pytest.raises(AuditorError, match=r"no framework 'iso'.*cloudguard-best-practices"):
        render(example, "iso")


def test_a_page_fetches_and_runs_nothing_but_its_own_script(nist: str) -> None:
    outline = Outline(nist)
    assert not {tag for tag, _ in outline.elements} & ACTIVE_ELEMENTS
    assert not [name for _, found in outline.elements for name in found if ACTIVE_ATTRIBUTES.match(name)]
    assert [script.get("type") for script in outline.all("script")] == ["application/json", None]
    addresses = [attributes["href"] for attributes in outline.all("a")]
    assert all(address.startswith(("#", "https://")) for address in addresses)


@pytest.mark.parametrize("element", ["style", "script"])
def test_the_policy_names_the_hash_of_the_inline_text(nist: str, element: str) -> None:
    (policy,) = (
        meta["content"] for meta in Outline(nist).all("meta") if meta.get("http-equiv") == "Content-Security-Policy"
    )
    text = nist.rpartition(f"<{element}>")[2].partition(f"</{element}>")[0]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"{element}-src 'sha256-{digest}'" in policy


def test_the_data_is_json_in_which_no_tag_can_end_it(example: AuditResult) -> None:
    page = render(example, "nist-800-53-r5", plain_bodies=0).decode()
    text = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert text
    assert "<" not in text[1]
    assert any(HOSTILE["script"] in str(entry) for entry in json.loads(text[1])["entries"])


def test_findings_share_what_is_alike_in_them() -> None:
    """A subscription of its own costs an account its own names, not the rows of its findings once more."""
    result = many_controls(3, 3)
    for finding in result.document["findings"]:
        for chain in finding["chains"]:
            chain["subscription_arn"] = f"arn:aws:sns:eu-west-1:{finding['account_id']}:a:{finding['account_name']}"
    page = render(result, "cloudguard-best-practices").decode()
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    groups = {tuple(row[1:3]): data["entries"][row[4]] for row in data["findings"]}
    for control in range(3):
        pairs = list(zip(groups[1, control], groups[2, control], strict=True))
        assert sum(one != other for one, other in pairs) == 1


def test_hostile_names_are_shown_and_hidden_characters_are_made_visible(nist: str) -> None:
    shown = Outline(nist).text
    for name in ("command", "script", "markup", "quotes", "japanese", "external"):
        assert HOSTILE[name] in shown
    assert "invoice\\u202efdp.exe" in shown
    assert "\\x1b[31mred" in shown
    assert not {"\u202e", "\u200b", "\x1b", "\u2028"} & set(nist)


def test_seal_dates_population_and_gaps_stand_before_requirements_and_findings(nist: str) -> None:
    places = [
        nist.index(text)
        for text in (
            'class="result', "Not sealed:", "Evidence captured", "Missing accounts", 'id="pictures"',
            'id="requirements"', 'id="matrix"', 'id="tier-fail"', 'id="tier-inconclusive"', 'id="tier-letter"',
            'id="tier-pass"', 'id="requests"', 'id="rule"', 'id="method"', 'id="evidence"',
        )
    ]  # fmt: skip
    places[7:7] = [nist.index('class="causes"')]
    assert places == sorted(places)
    assert REGIONS_WITHOUT_CAPTURES in nist[: nist.index('id="pictures"')]


def test_a_result_is_never_worded_as_fulfilment(nist: str, passing: AuditResult) -> None:
    for page in (nist, render(passing, "nist-800-53-r5").decode()):
        assert not re.search(
            r"\b(compl(y|ies|iant)|is met|was met|not met)\b",
            Outline(page[: page.index('id="matrix"')]).text,
            re.IGNORECASE,
        )


def test_a_pass_with_open_points_says_so_wherever_it_stands(nist: str) -> None:
    assert re.search(r'class="badge open">PASS, 2 open points<', nist)
    assert re.search(r'class="badge material">PASS, 3 open points, 1 material<', nist)
    for attributes in cards(nist):
        anchor = attributes["id"]
        badge = re.search(rf'id="{anchor}".*?<span class="badge (\w+)">([^<]*)<', nist, re.DOTALL)
        assert badge
        assert (badge[1] == "pass") == (badge[2] == "PASS")


def test_an_unreconciled_population_is_printed_as_such(nist: str, passing: AuditResult) -> None:
    sentence = "not reconciled to an independent source"
    assert sentence in render(passing, "nist-800-53-r5").decode()
    assert sentence not in nist


def test_inferred_and_supporting_mappings_are_marked(nist: str) -> None:
    text = nist[nist.index('id="requirements"') : nist.index('id="matrix"')]
    assert text.count("inferred mapping, not the publisher’s") == 5
    assert text.count("supporting, not counted") == 2
    assert text.count("published mapping") == 1


@pytest.mark.parametrize("plain_bodies", [0, 20_000, 10**9])
def test_totals_equal_those_of_the_result(example: AuditResult, plain_bodies: int) -> None:
    for framework in example.document["frameworks"]:
        page = render(example, framework["id"], plain_bodies=plain_bodies).decode()
        framework_view = view(example, framework["id"])
        totals = account_totals(one for one in framework_view.findings if place_of(framework_view, one) == "counted")
        assert _tiles(page) == [totals.accounts, totals.failed, totals.inconclusive, totals.passed]
        told = _verdicts(page)
        assert len(told) == len(framework_view.findings)
        for finding in framework_view.findings:
            assert told[finding["number"]] == finding["verdict"]


def _tiles(page: str) -> list[int]:
    tiles = page[page.index('class="tiles"') : page.index("</dl>", page.index('class="tiles"'))]
    return [int(number) for number in re.findall(r"<dd>(\d+)", tiles)][:4]


def _verdicts(page: str) -> dict[str, str]:
    """The verdict of the entry in which each finding stands; the page's data say the same entry."""
    entries = {attributes["id"]: attributes["data-verdict"] for attributes in cards(page)}
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    told = {row[0]: entries[row[3]] for row in data["findings"]}
    chips = re.findall(r'<li id="(F-\d+)">', page)
    assert sorted(chips) == sorted(told)
    return told


def test_every_evidence_file_stands_in_the_page_with_its_whole_digest(nist: str, example: AuditResult) -> None:
    for capture in example.document["captures"]:
        assert capture["file"] in nist
        assert f"<span>{capture['sha256']}</span>" in nist


def entry_of(page: str, number: str) -> str:
    """The text of the entry in which a finding stands."""
    return next(text for text in page.split('<details class="card"')[1:] if f'<li id="{number}"' in text)


def test_a_failing_entry_tells_why_and_what_to_do(nist: str) -> None:
    text = entry_of(nist, "F-0005")
    for wanted in (
        "The filter does not count 1 of the 10 required events.", "It would not notice: SendCommand.", "decides",
        "&#34;eventName&#34;: &#34;SendCommand&#34;", "arn:aws:cloudtrail:us-east-1:444455556666:trail/main",
        "444455556666/us-east-1/logs-describe-metric-filters.json", "/metricFilters/3", "In the AWS console",
        "aws logs put-metric-filter", "aws_cloudwatch_log_metric_filter", "Required and missing (1)",
    ):  # fmt: skip
        assert wanted in text


def test_an_inconclusive_entry_gives_the_command_that_settles_it(nist: str) -> None:
    text = entry_of(nist, "F-0012")
    assert "R-001.1: Subscriptions of SNS topic alerts (us-east-1), account 101010101010, us-east-1" in text
    assert "aws sns list-subscriptions-by-topic --topic-arn arn:aws:sns:us-east-1:101010101010:alerts" in text


def test_evidence_numbers_lead_to_their_row(nist: str) -> None:
    outline = Outline(nist)
    rows = {attributes["id"] for attributes in outline.all("tr") if attributes.get("id", "").startswith("E-")}
    cited = {link["href"] for link in outline.all("a") if link["href"].startswith("#E-")}
    assert cited
    assert {target.removeprefix("#") for target in cited} <= rows


def test_every_link_within_the_page_has_its_target(nist: str) -> None:
    outline = Outline(nist)
    ids = {attributes["id"] for _, attributes in outline.elements if "id" in attributes}
    assert {link["href"][1:] for link in outline.all("a") if link["href"].startswith("#")} <= ids


def test_cells_of_the_matrix_have_names(nist: str) -> None:
    table = nist[nist.index('id="table-matrix"') : nist.index("</table>", nist.index('id="table-matrix"'))]
    links = Outline(table).all("a")
    assert links
    assert all(link["aria-label"] == link["title"] for link in links)
    assert any(
        link["aria-label"].endswith("ssm-actions: FAIL: The metric filter counts fewer events than required")
        for link in links
    )


def test_what_is_true_of_nearly_every_pass_is_said_once(nist: str) -> None:
    assert len(re.findall("One script that closes them", nist)) == 1
    section = nist[nist.index('id="points"') : nist.index('id="pictures"')]
    assert "aws cloudtrail get-trail-status" in section
    matrix = nist[nist.index('id="table-matrix"') : nist.index("</table>", nist.index('id="table-matrix"'))]
    assert set(re.findall(r">([PFI](?: [a-z]+)?)</a>", matrix)) <= {"P", "P m", "F", "F b", "I", "F w", "I w"}


def test_the_requests_say_how_many_findings_one_answer_settles(nist: str) -> None:
    section = nist[nist.index('id="requests"') :]
    assert "1 of 2 INCONCLUSIVE findings needs only R-001 (1 export from account 101010101010)" in section


def test_times_are_utc_instants(nist: str) -> None:
    assert "2026-09-30 22:30:00 UTC" in nist
    assert "+02:00" not in nist


def _without_decoration(example: AuditResult) -> ResultDocument:
    document = copy.deepcopy(example.document)
    document["engagement"] = None
    document["period"] = None
    document["as_of"] = None
    document["captures"] = []
    document["bundle"] |= {"captured_from": None, "captured_to": None, "captures": 0}  # type: ignore[typeddict-item]
    document["bundle"]["seal"] = "broken"
    return document


def test_a_bare_result_has_a_page_and_a_broken_seal_is_shouted(example: AuditResult) -> None:
    page = render(AuditResult(_without_decoration(example)), "nist-800-53-r5").decode()
    assert re.search(r'<li class="serious"><span class="title">Seal</span><span>SEAL BROKEN', page)
    assert "No capture records when it was taken." in page
    assert Outline(page).all("span", **{"class": "pointer"})  # cited files without a capture stay cited


def test_a_single_control_shows_its_seven_attributes(example: AuditResult) -> None:
    page = render(example, "cloudguard-best-practices").decode()
    table = page[page.index('id="table-matrix"') : page.index("</table>", page.index('id="table-matrix"'))]
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]*)<", table) == [
        "Account", "Name", "ssm-actions", "A Trail", "B Log group", "C Metric filter", "D Metric", "E Alarm",
        "F Topic", "G Subscription",
    ]  # fmt: skip
    row = table[table.index(">444455556666<") :].partition("</tr>")[0]
    assert re.findall(r"(?:>)([PFI–])<", row) == ["F", "P", "P", "F", "–", "–", "–", "–"]


def test_replayed_events_have_a_section_only_if_there_are_some(example: AuditResult, nist: str) -> None:
    outline = Outline(nist)
    assert outline.all("section", id="events")
    assert {one["data-table"] for one in outline.all("table", **{"class": "data"})} >= {"events", "missed"}
    assert "operating effectiveness, not only of design" in outline.text
    assert "7c5c-2" in outline.text
    document = copy.deepcopy(example.document)
    document["events"] = None
    without = Outline(render(AuditResult(document), "nist-800-53-r5").decode())
    assert not without.all("section", id="events")
    assert "#events" not in [attributes["href"] for attributes in without.all("a")]


def test_no_missed_event_is_said_in_words(example: AuditResult) -> None:
    document = copy.deepcopy(example.document)
    assert document["events"]
    for watch in document["events"]["watches"]:
        watch |= {"missed": [], "missed_count": 0, "noticed_count": watch["required_count"]}
    outline = Outline(render(AuditResult(document), "nist-800-53-r5").decode())
    assert "No event that a control of this page must notice was missed." in outline.text
    assert not outline.all("table", id="table-missed")


def test_every_rule_beside_a_reason_leads_to_its_sentence(example: AuditResult, nist: str) -> None:
    outline = Outline(nist)
    stated = [attributes["id"] for attributes in outline.all("article", **{"class": "law"})]
    assert {link["href"] for link in outline.all("a", **{"class": "rests"})} == {f"#{name}" for name in stated}
    known = {f"rule-{rule['id']}": rule["says"] for rule in example.document["rules"]}
    assert stated
    assert all(visible(known[name]) in outline.text for name in stated)


def test_a_framework_states_the_rules_of_its_own_findings_only(example: AuditResult) -> None:
    document = copy.deepcopy(example.document)
    document["findings"] = [finding for finding in document["findings"] if finding["control_id"] == "root-usage"]
    page = render(AuditResult(document), "nist-800-53-r5").decode()
    ours = {rule["id"] for rule in view(AuditResult(document), "nist-800-53-r5").rules}
    assert ours < {rule["id"] for rule in document["rules"]}
    assert {item["id"] for item in Outline(page).all("article", **{"class": "law"})} == {f"rule-{one}" for one in ours}
