// Prints the occurrences that one library finds in a calendar between two instants, each as a line of JSON.
// Usage: node read.js ical.js|node-ical FILE FROM TO, the instants as 2027-03-01T09:00:00Z.
import { readFileSync } from "node:fs";

const [library, file, from, to] = process.argv.slice(2);
const { occurrences } = await import(library === "ical.js" ? "./by_ical_js.js" : "./by_node_ical.js");
for (const found of occurrences(readFileSync(file, "utf8"), new Date(from), new Date(to))) {
  console.log(JSON.stringify(found));
}
