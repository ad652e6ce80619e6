// Judges files as they come: first a line of JSON with registries, archive and answers (tests/vectors/README.md), then
// one line of base64 for each file; a line with the verdict comes back for each. For comparing two verifiers.
import { createInterface } from "node:readline";
import { Verifier } from "./verdict.mjs";

let verifier;
for await (const line of createInterface({ input: process.stdin })) {
  if (verifier === undefined) {
    const { registries, archive, answers } = JSON.parse(line);
    verifier = new Verifier(registries, archive, answers);
    continue;
  }
  let verdict;
  try {
    verdict = verifier.file(Buffer.from(line, "base64"));
  } catch (error) {
    verdict = `${error.constructor.name}: ${error.message}`.replaceAll("\n", " ");
  }
  process.stdout.write(`${verdict}\n`);
}
