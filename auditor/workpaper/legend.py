"""The legend: tickmarks, what each verdict says and does not say, colours, abbreviations, sign-off."""

from __future__ import annotations

TICKMARKS: tuple[tuple[str, str], ...] = (
    ("P", "Tested, no exception noted."),
    ("F", "Tested, exception noted."),
    ("I", "Tested, could not be concluded: see Requests for what settles it."),
    ("–", "Not applicable, not reached, or nothing to say."),
    ("m", "Beside P: at least one material open point; beside the P of a link, one about that link."),
    ("t", "Beside P: by the text of this version only; the objective is not met."),
    ("b", "Beside F: by the letter only; every event is noticed, the pattern is not equal to the required one."),
    ("w", "A waiver in force stands beside the result and does not change it."),
)

# The same in one line, for sheets that use them.
TICKMARKS_IN_SHORT = (
    "P no exception · F exception · I inconclusive · – not applicable or not reached · m material open point · "
    "t text met, objective not · b objective met, letter not · w waiver"
)

VERDICTS: tuple[tuple[str, str], ...] = (
    (
        "PASS",
        "On the captured day, whichever of the watched calls is made, in whichever region the account can use, the "
        "configuration leads to one notification to one confirmed endpoint: for every watched event and region a "
        "complete path to a confirmed recipient was found.",
    ),
    (
        "PASS, n open points",
        "The same; n things that optional captures would have shown are not captured and were read as the usual "
        "case. Each is listed with the command that closes it.",
    ),
    (
        "PASS, n open points, m material",
        "The same; for m of them the evidence itself suggests that the usual case may not hold, or cannot show it. "
        "Settle these before you rely on the result.",
    ),
    (
        "FAIL",
        "The captures exclude every complete path from the event to a confirmed recipient. The first link in chain "
        "order that is missing or unsound is named. It says that this chain is broken, not that nobody is told by "
        "other means.",
    ),
    (
        "INCONCLUSIVE",
        "A capture that could hold the missing piece is absent, not whole or unusable. It counts neither as PASS nor "
        "as FAIL.",
    ),
    ("NOT ASSESSED", "No control that counts for the requirement was tested."),
    (
        "Objective",
        "The whole chain, with filters judged by whether they notice every one of the control's own events (name "
        "and source) instead of by equality with the required pattern.",
    ),
    (
        "As published",
        "The published rule text, evaluated literally; of a rule that is broken as published, the repaired text that "
        "stands beside it. INCONCLUSIVE where the captures do not show what the rule asks for, such as further trails "
        "in regions without captures: `auditor gsl RULE BUNDLE` says of what. – where it was not evaluated.",
    ),
)

COLOURS: tuple[tuple[str, str, str], ...] = (
    ("PASS", "PASS", "Pass without open points"),
    ("OPEN", "PASS, n open points", "Pass with open points"),
    (
        "MATERIAL",
        "PASS, n open points, m material; PASS, objective not met",
        "Pass with material open points, or by the letter alone",
    ),
    ("FAIL", "FAIL", "Fail"),
    ("INCONCLUSIVE", "INCONCLUSIVE", "Could not be concluded"),
    ("NOT_ASSESSED", "NOT ASSESSED", "Not assessed, not applicable"),
)

ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("ARN", "Amazon Resource Name, the identity of a resource"),
    ("CLI", "AWS command line interface"),
    ("GSL", "Governance Specification Language, in which CloudGuard publishes its rules"),
    ("OU", "Organisational unit"),
    (
        "Rule (T12, V3 …)",
        "What a result rests on, stated in the sheet Rules; docs/rules.md has all of them",
    ),
    ("SHA-256", "Digest by which a file can be shown to be unchanged"),
    ("SNS", "Amazon Simple Notification Service"),
    ("UTC", "Coordinated Universal Time; all times in this workpaper"),
    (r"\u202e", "A control or invisible character of the evidence, shown by its code; results.json has it as it is"),
)

SIGN_OFF_COLUMNS = ("Role", "Name", "Initials", "Date", "Scope of review")
SIGN_OFF_ROLES = ("Prepared by", "Reviewed by", "Partner")

CONCLUSIONS = ("Agree", "Disagree", "Follow up")
