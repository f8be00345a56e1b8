-- Calls and messages in the otel_traces table of the OpenTelemetry exporter: one row for
-- each caller, callee and name. Spans are joined by trace and parent, messages also by
-- link; each attempt of a retried call counts. A caller waited when the callee's span fits into its own, about, and its service was
-- still at work on the trace when it ended.
WITH
    spans AS (
        SELECT
            TraceId, SpanId, ParentSpanId, ServiceName, SpanName, SpanAttributes AS a, Links.TraceId AS LinkTraces, Links.SpanId AS LinkSpans,
            replaceOne(upper(SpanKind), 'SPAN_KIND_', '') AS Kind,
            toUnixTimestamp64Nano(Timestamp) AS Start,
            toUnixTimestamp64Nano(Timestamp) + toInt64(Duration) AS End,
            upper(StatusCode) IN ('ERROR', 'STATUS_CODE_ERROR') AS Failed
        FROM {table:Identifier}
        WHERE Timestamp >= fromUnixTimestamp64Nano({from:Int64}) AND Timestamp < fromUnixTimestamp64Nano({to:Int64})
    ),
    work AS (
        SELECT TraceId, ServiceName, max(End) AS LastEnd
        FROM spans
        WHERE Kind IN ('SERVER', 'CONSUMER') OR ParentSpanId = ''
        GROUP BY TraceId, ServiceName
    ),
    calls AS (
        SELECT
            c.ServiceName AS caller,
            s.ServiceName AS callee,
            if(s.a['http.route'] != '', concat(if(s.a['http.request.method'] != '', s.a['http.request.method'], s.a['http.method']), ' ', s.a['http.route']), s.SpanName) AS name,
            '' AS broker, '' AS channel,
            c.Start AS start,
            c.End - c.Start AS took,
            toInt64(0) AS queued,
            s.End - s.Start AS handled,
            (c.Failed OR s.Failed) AND NOT match(if(c.a['http.response.status_code'] != '', c.a['http.response.status_code'], c.a['http.status_code']), '^4(0[0-79]|1|2[0-8]|[3-9])') AS failed,
            (c.Failed OR s.End - s.Start <= (c.End - c.Start) * 1.5 + 25000000) AND (w.LastEnd = 0 OR w.LastEnd + 2000000 >= c.End) AS waited
        FROM spans AS c
        INNER JOIN spans AS s ON s.TraceId = c.TraceId AND s.ParentSpanId = c.SpanId
        LEFT JOIN work AS w ON w.TraceId = c.TraceId AND w.ServiceName = c.ServiceName
        WHERE c.Kind = 'CLIENT' AND s.Kind = 'SERVER'
    ),
    handlers AS (
        SELECT TraceId, ParentSpanId AS Sender, ServiceName, Start, End, Failed FROM spans WHERE Kind = 'CONSUMER' AND ParentSpanId != ''
        UNION DISTINCT
        SELECT LinkTrace AS TraceId, LinkSpan AS Sender, ServiceName, Start, End, Failed
        FROM spans ARRAY JOIN LinkTraces AS LinkTrace, LinkSpans AS LinkSpan
        WHERE Kind = 'CONSUMER'
    ),
    messages AS (
        SELECT
            p.ServiceName AS caller,
            s.ServiceName AS callee,
            if(p.a['messaging.destination.name'] != '', p.a['messaging.destination.name'], p.SpanName) AS name,
            p.a['messaging.system'] AS broker, p.a['messaging.destination.name'] AS channel,
            p.Start AS start,
            greatest(s.End - p.Start, toInt64(0)) AS took,
            greatest(s.Start - p.End, toInt64(0)) AS queued,
            s.End - s.Start AS handled,
            s.Failed AS failed,
            0 AS waited
        FROM spans AS p
        INNER JOIN handlers AS s ON s.TraceId = p.TraceId AND s.Sender = p.SpanId
        WHERE p.Kind = 'PRODUCER'
    )
SELECT
    caller, callee, name, broker, channel,
    toFloat64(count()) AS calls,
    toFloat64(min(start)) AS first,
    toFloat64(max(start + took)) AS last,
    arrayMap(q -> toFloat64(q), quantilesTDigest(0.5, 0.95, 0.99)(took)) AS took_ns,
    toFloat64(quantileTDigest(0.99)(queued)) AS queued_ns,
    toFloat64(quantileTDigest(0.99)(handled)) AS handled_ns,
    toFloat64(avg(failed)) AS failed_share,
    toFloat64(avg(waited)) AS waited_share,
    toFloat64(arrayMax(arrayMap(m -> countEqual(groupArray(intDiv(start, 60000000000)), m), groupUniqArray(intDiv(start, 60000000000))))) AS busiest_minute
FROM (SELECT * FROM calls UNION ALL SELECT * FROM messages)
GROUP BY caller, callee, name, broker, channel
ORDER BY caller, callee, name, broker, channel
FORMAT JSONEachRow
