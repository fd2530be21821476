"""The exports of one account as a block of shell commands to paste: bash, zsh, AWS CloudShell.

The block keeps each answer, or AWS's refusal, in the canonical layout, and writes a capture record beside them: who
asked, with which arguments, when. Without it the exports would fail the tests of completeness.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from auditor.evidence.call_ids import DESCRIBE_ALARMS, DESCRIBE_TRAILS
from auditor.result import Request

# Pasted once; what it defines stands in each block. ``save FILE COMMAND`` is ``COMMAND > FILE`` with a record of it.
PREPARATION = r"""export AWS_PAGER= AWS_CLI_AUTO_PROMPT=off
begin() { # ACCOUNT, or those of which it may be any
  records=; caller=$(aws sts get-caller-identity --query Arn --output text); cli=$(aws --version 2>&1)
  for account; do case $caller in *:$account:*) return 0;; esac; done
  if [ $# = 1 ]; then place="account $1"; else place="one of these $# accounts"; fi
  echo "Sign in to $place first. This is: $caller" >&2; return 1
}
save() { # FILE COMMAND: COMMAND > FILE, or the refusal > FILE.err; notes who asked what and when
  file=$1; shift; mkdir -p "${file%/*}"; began=$(date -u +%Y-%m-%dT%H:%M:%SZ); code=0; echo "$file"
  "$@" > "$file" 2> "${file%.json}.err" || code=$?
  if [ $code = 0 ]; then rm -f "${file%.json}.err"; else rm -f "$file"; file=${file%.json}.err; cat "$file" >&2; fi
  call=$2:$(printf %s "$3" | awk -F- '{for (i = 1; i <= NF; i++) printf "%s", toupper(substr($i, 1, 1)) substr($i, 2)}')
  refused=$(sed -n 's/.*An error occurred (\([A-Za-z.]*\)).*/\1/p' "$file" | head -n 1); [ $code != 0 ] || refused=
  digest=$( (sha256sum "$file" 2> /dev/null || shasum -a 256 "$file") | cut -c 1-64)
  shift 3; words=; region=
  while [ $# -gt 0 ] && [ "$1" != --output ]; do
    [ "$1" != --region ] || region=$2
    words="$words, \"$(printf %s "$1" | sed 's/[\\"]/\\&/g')\""; shift
  done
  records="$records,
 {\"file\": \"${file#*/}\", \"call\": \"$call\", \"arguments\": [${words#, }],
  \"account_id\": \"$account\", \"region\": \"$region\", \"caller_arn\": \"$caller\", \"cli_version\": \"$cli\",
  \"started_at\": \"$began\", \"ended_at\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\", \"exit_code\": $code,
  \"error_code\": \"$refused\", \"sha256\": \"$digest\"}"
}
also() { # REGION SERVICE OPERATION OPTION ARN, unless it was saved before
  [ -e "$account/$1/$2-$3/${5##*[:/]}.json" ] ||
    save "$account/$1/$2-$3/${5##*[:/]}.json" aws "$2" "$3" "$4" "$5" --region "$1" --output json
}
named() { # PATTERN FILE: the ARNs of that kind in FILE
  grep -oh "arn:[a-z-]*:$1" "$2" 2> /dev/null | sort -u
}
trails() { # REGION: what else is asked about the account's own trails there
  for arn in $(named "cloudtrail:$1:$account:trail/[A-Za-z0-9._-]*" "$account/$1/cloudtrail-describe-trails.json"); do
    also "$1" cloudtrail get-trail-status --name "$arn"; also "$1" cloudtrail get-event-selectors --trail-name "$arn"
  done
}
topics() { # REGION: who is subscribed to the topics that its alarms name
  for arn in $(named "sns:[a-z0-9-]*:[0-9]*:[A-Za-z0-9_.-]*" "$account/$1/cloudwatch-describe-alarms.json"); do
    case $arn in
      *:sns:$1:$account:*)
        also "$1" sns list-subscriptions-by-topic --topic-arn "$arn"
        also "$1" sns get-topic-attributes --topic-arn "$arn";;
      *) echo "Its subscriptions must come from its own account: $arn" >&2;;
    esac
  done
}
finish() { # NUMBER: the record of what was saved
  printf '{"captures": [%s\n]}\n' "${records#,}" > "$account/captures.$1.json"; echo "Please send the folder $account."
}"""

# By call: what goes on from its answer.
_GOES_ON: Mapping[str, str] = {DESCRIBE_TRAILS: "trails", DESCRIBE_ALARMS: "topics"}


def capture_block(name: str, account_id: str, requests: Sequence[Request]) -> str:
    """The commands of one set of requests (``R-001``), after :data:`PREPARATION`; those without one are left out."""
    exports = [request for request in requests if request["command"]]
    lines = [f"begin {account_id} && {{"]
    for regions, group in _alike([request for request in exports if not _about_one(request)]):
        if len(regions) == 1:
            lines += [line for request in group for line in _commands(request, "")]
        else:
            lines += [f"for region in {' '.join(regions)}; do"]
            lines += [f"  {line}" for request in group for line in _commands(request, group[0]["region"])]
            lines += ["done"]
    lines += [line for request in exports if _about_one(request) for line in _commands(request, "")]
    return "\n".join([*lines, f"finish {name}; }}"])


def _about_one(request: Request) -> bool:
    return bool(request.get("resource"))


def _alike(requests: Sequence[Request]) -> list[tuple[list[str], list[Request]]]:
    """Regions in which the same is asked for, with the requests of the first of them."""
    by_region: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        by_region[request["region"]].append(request)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for region, of_region in by_region.items():
        groups[tuple(request["call"] for request in of_region)].append(region)
    return [(regions, by_region[regions[0]]) for regions in groups.values()]


def _commands(request: Request, looped: str) -> Iterator[str]:
    """The line that makes an export, and the one that goes on from its answer; ``looped``: the region that stands for
    all of a loop.
    """
    file, command, region = shlex.quote(request["save_as"]), request["command"], request["region"]
    if looped:
        file = f'"{request["save_as"].replace(f"/{looped}/", "/$region/", 1)}"'
        command = command.replace(f"--region {looped} ", '--region "$region" ')
        region = '"$region"'
    yield f"save {file} {command}"
    if request["call"] in _GOES_ON:
        yield f"{_GOES_ON[request['call']]} {region}"
