// The floor: a bare HTTP server that parses JSON and writes one row to SQLite, with the receiver's own settings of it.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { openDatabase } from "../../../src/receiver/store/database.ts";

const [, , file = ":memory:"] = process.argv;
const database = openDatabase(file, { durability: "process" });
database.exec(
  "CREATE TABLE row (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, body TEXT) STRICT",
);
const insert = database.prepare("INSERT INTO row (id, name, body) VALUES (?, ?, ?)");

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { userName: string };
    const id = randomUUID();
    const text = JSON.stringify({ id, ...body });
    insert.run(id, body.userName, text);
    response.writeHead(201, {
      "content-type": "application/scim+json",
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/scim/v2`);
});
