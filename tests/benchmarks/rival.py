"""A rival that does less: DuckDB reads the same files as JSON and finds whole chains by joins and a regular expression.

It knows no gaps, no pages, no composite alarms, no encryption, no meaning of a pattern: an account is found if one row
of each kind fits, and all ten names stand in the pattern.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.benchmarks.generate import EVENTS

_QUERY = """
with files as (
    select filename, json from read_json_objects($files, filename = true, maximum_object_size = 67108864)
), trails as (
    select distinct json_extract_string(t, '$.TrailARN') arn, json_extract_string(t, '$.CloudWatchLogsLogGroupArn') grp
    from (select unnest(json_extract(json, '$.trailList[*]')) t from files where filename like '%describe-trails%')
), filters as (
    select split_part(grp, ':', 5) account, json_extract_string(f, '$.logGroupName') name,
        json_extract_string(f, '$.metricTransformations[0].metricNamespace') namespace,
        json_extract_string(f, '$.metricTransformations[0].metricName') metric, place
    from (
        select unnest(json_extract(json, '$.metricFilters[*]')) f,
            regexp_extract(filename, '/([0-9]{12}/[^/]+)/[^/]+$', 1) place
        from files where filename like '%describe-metric-filters%'
    ) join trails
        on place = split_part(grp, ':', 5) || '/' || split_part(grp, ':', 4)
        and json_extract_string(f, '$.logGroupName') = split_part(grp, ':', 7)
    where NAMES
), alarms as (
    select json_extract_string(a, '$.Namespace') namespace, json_extract_string(a, '$.MetricName') metric, place,
        unnest(cast(json_extract(a, '$.AlarmActions') as varchar[])) topic
    from (
        select unnest(json_extract(json, '$.MetricAlarms[*]')) a,
            regexp_extract(filename, '/([0-9]{12}/[^/]+)/[^/]+$', 1) place
        from files where filename like '%describe-alarms%'
    ) where cast(json_extract(a, '$.Threshold') as double) = 1 and json_extract_string(a, '$.Statistic') = 'Sum'
), subscriptions as (
    select json_extract_string(s, '$.TopicArn') topic
    from (select unnest(json_extract(json, '$.Subscriptions[*]')) s from files where filename like '%subscriptions%')
    where json_extract_string(s, '$.SubscriptionArn') like 'arn:%'
)
select distinct account from filters join alarms using (place, namespace, metric) join subscriptions using (topic)
"""


def findings(folder: Path) -> set[str]:
    """The accounts with a whole chain, as far as joins tell."""
    names = " and ".join(
        f"regexp_matches(json_extract_string(f, '$.filterPattern'), '[$][.]eventName = {name}[)]')" for name in EVENTS
    )
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        rows = connection.execute(_QUERY.replace("NAMES", names), {"files": f"{folder}/**/*.json"}).fetchall()
    return {account for (account,) in rows}
