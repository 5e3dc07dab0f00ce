// Runs every server audit of graphql-http against an address. MUST, SHOULD and MAY count alike.
import { serverAudits } from "graphql-http";

const EXPECTED = 61;

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}

let passed = 0;
const audits = serverAudits({ url });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === "ok") {
    passed += 1;
  } else {
    console.error(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
  }
}
console.log(`${passed} of ${audits.length} audits pass`);
process.exit(passed === EXPECTED && audits.length === EXPECTED ? 0 : 1);
