// A ClickHouse with traces in it, for tests: the engine in process (npm chdb) behind an
// HTTP front that is just enough. It writes its URL to standard output.
//
//	CHDB_MODULES=/tmp/chdb/node_modules node clickhouse.mjs traces.jsonl
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const { Session } = createRequire(process.env.CHDB_MODULES + "/")("chdb");
const session = new Session();

// The table as the collector's exporter creates it.
session.query(`CREATE TABLE otel_traces (
    Timestamp DateTime64(9), TraceId String, SpanId String, ParentSpanId String, TraceState String,
    SpanName LowCardinality(String), SpanKind LowCardinality(String), ServiceName LowCardinality(String),
    ResourceAttributes Map(LowCardinality(String), String), ScopeName String, ScopeVersion String,
    SpanAttributes Map(LowCardinality(String), String), Duration UInt64,
    StatusCode LowCardinality(String), StatusMessage String,
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes Map(LowCardinality(String), String)),
    Links Nested (TraceId String, SpanId String, TraceState String, Attributes Map(LowCardinality(String), String))
) ENGINE = MergeTree ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))`);

const kinds = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
const text = (value) => String(Object.values(value ?? {})[0] ?? "");
const attributes = (list) => Object.fromEntries((list ?? []).map((a) => [a.key, text(a.value)]));
const quote = (s) => "'" + s.replace(/[\\']/g, "\\$&") + "'";
const map = (o) => "map(" + Object.entries(o).flat().map(quote).join(",") + ")";

let rows = [];
const insert = () => {
  if (rows.length > 0)
    session.query(`INSERT INTO otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, SpanAttributes, Duration, StatusCode, Links.TraceId, Links.SpanId, Links.TraceState, Links.Attributes) VALUES ${rows.join(",")}`);
  rows = [];
};
for (const line of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  for (const resource of JSON.parse(line).resourceSpans) {
    const service = attributes(resource.resource.attributes)["service.name"];
    for (const span of resource.scopeSpans.flatMap((s) => s.spans)) {
      const a = attributes(span.attributes);
      const links = span.links ?? [];
      rows.push(`(fromUnixTimestamp64Nano(toInt64(${span.startTimeUnixNano})),${[span.traceId, span.spanId, span.parentSpanId ?? "", span.name, kinds[span.kind], service].map(quote).join(",")},` +
        `${Object.keys(a).length ? map(a) : "map()"},${BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)},${quote(span.status?.code === 2 ? "Error" : "Unset")},` +
        `[${links.map((l) => quote(l.traceId))}],[${links.map((l) => quote(l.spanId))}],[${links.map(() => "''")}],[${links.map(() => "map()")}])`);
      if (rows.length === 2000) insert();
    }
  }
}
insert();

const server = createServer((request, answer) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    // Parameters in braces, as ClickHouse itself fills them in.
    const values = new URL(request.url, "http://x").searchParams;
    const query = body.replace(/\{(\w+):(\w+)\}/g, (_, name, type) => (type === "Identifier" ? "`" + values.get("param_" + name) + "`" : `CAST(${quote(values.get("param_" + name))} AS ${type})`));
    try {
      answer.end(session.query(query.replace(/FORMAT JSONEachRow\s*$/, ""), "JSONEachRow"));
    } catch (error) {
      answer.writeHead(400).end(String(error));
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
