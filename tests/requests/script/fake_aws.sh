#!/bin/sh
# `aws` of a small account: what it answers lies in $FAKE/answers, and what goes wrong in $FAKE/trouble.
# FAKE/trouble/SERVICE-OPERATION: number of times, then exit code, then what stands on standard error.
# FAKE/slow: it answers after a while.
printf '%s\n' "$*" >>"$FAKE/calls"
[ ! -f "$FAKE/slow" ] || sleep 0.2
if [ "$1" = --version ]; then
  echo 'aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64'
  exit 0
fi
if [ "${AWS_PROFILE:-}" = nope ]; then
  printf '\nThe config profile (nope) could not be found\n' >&2
  exit 255
fi
trouble=$FAKE/trouble/$1-$2
if [ -f "$trouble" ]; then
  left=$(sed -n 1p "$trouble")
  if [ "$left" -gt 0 ]; then
    { echo $((left - 1)); sed -n '2,$p' "$trouble"; } >"$trouble.new" && mv "$trouble.new" "$trouble"
    sed -n '3,$p' "$trouble" >&2
    exit "$(sed -n 2p "$trouble")"
  fi
fi
case "$*" in
  'sts get-caller-identity --query'*) printf '111122223333\tarn:aws:iam::111122223333:user/Ada\r\n' ;;
  'configure get region') exit 1 ;;
  *) cat "$FAKE/answers/$1-$2" ;;
esac
