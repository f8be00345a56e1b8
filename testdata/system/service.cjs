// A small system whose truth is known: each process is one service of it, named by its
// argument. OpenTelemetry's automatic instrumentation records what they do.
//
//	shop     takes POST /checkout and uses all others
//	stock    answers; prices answers; both are asked side by side
//	payment  refuses the first attempt of every third checkout with 503
//	audit    takes 300 ms, and the shop does not wait for it
//	reports  answers 202, and is done at the third request for its state
//	mailer, billing  take messages from a queue each
const express = require("express");
const http = require("http");
const amqp = require("amqplib");

const role = process.argv[2];
const ports = JSON.parse(process.env.PORTS);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// ask sends a request and resolves with the status and the body.
const ask = (method, service, path, headers = {}) =>
  new Promise((resolve, reject) => {
    const request = http.request({ method, host: "127.0.0.1", port: ports[service], path, headers, agent: false }, (answer) => {
      let body = "";
      answer.on("data", (chunk) => (body += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, body }));
    });
    request.on("error", reject);
    request.end();
  });

const app = express();
app.use(express.json());
app.get("/ready", (_, answer) => answer.end());

const channel = async (queue) => {
  const connection = await amqp.connect(process.env.AMQP_URL);
  const c = await connection.createChannel();
  await c.assertQueue(queue, { durable: false, autoDelete: true });
  return c;
};

const roles = {
  async shop() {
    const mails = await channel("mails");
    const invoices = await channel("invoices");
    app.post("/checkout/:number", async (request, answer) => {
      const n = Number(request.params.number);
      await Promise.all([ask("GET", "stock", `/stock/sku-${1000 + n}`), ask("GET", "prices", `/prices/sku-${1000 + n}`)]);
      for (let attempt = 1; attempt <= 3; attempt++) {
        const { status } = await ask("POST", "payment", "/payments", { "x-refuse": n % 3 === 0 && attempt === 1 ? "yes" : "no" });
        if (status < 500) break;
        await sleep(10);
      }
      mails.sendToQueue("mails", Buffer.from("hello"));
      invoices.sendToQueue("invoices", Buffer.from("pay"));
      const { body } = await ask("POST", "reports", "/reports");
      while ((await ask("GET", "reports", `/reports/${body}`)).body !== "done") await sleep(5);
      ask("POST", "audit", "/events").catch(() => {});
      answer.end("ok");
    });
  },
  async stock() {
    app.get("/stock/:sku", async (_, answer) => { await sleep(30); answer.end("7"); });
  },
  async prices() {
    app.get("/prices/:sku", async (_, answer) => { await sleep(40); answer.end("9.99"); });
  },
  async payment() {
    app.post("/payments", async (request, answer) => { await sleep(20); answer.status(request.get("x-refuse") === "yes" ? 503 : 200).end(); });
  },
  async audit() {
    app.post("/events", async (_, answer) => { await sleep(300); answer.end(); });
  },
  async reports() {
    const asked = new Map();
    app.post("/reports", (_, answer) => { const id = String(100000 + asked.size); asked.set(id, 0); answer.status(202).end(id); });
    app.get("/reports/:id", (request, answer) => {
      asked.set(request.params.id, asked.get(request.params.id) + 1);
      answer.end(asked.get(request.params.id) >= 3 ? "done" : "working");
    });
  },
  async mailer() {
    const c = await channel("mails");
    await c.consume("mails", async (message) => { await sleep(60); c.ack(message); });
  },
  async billing() {
    const c = await channel("invoices");
    await c.consume("invoices", async (message) => { await sleep(25); c.ack(message); });
  },
};

roles[role]().then(() => app.listen(ports[role], "127.0.0.1", () => console.log("ready")));

// The recorder sends what it still has at this signal, too.
process.on("SIGTERM", () => setTimeout(() => process.exit(0), 2000));
