// Parses Mermaid texts (a JSON list on standard input) with the real parser; argument 1 is mermaid's module file.
// Prints, for each, {nodes: [[id, label]], edges: [[from, to, label]]}, both empty unless it is a flowchart, or {error}.
import { register } from "node:module";
import { pathToFileURL } from "node:url";

// DOMPurify needs a browser's DOM; it cleans labels for display and has no part in the grammar.
const purify = "export default { addHook() {}, sanitize: (text) => text, isSupported: true }";
const hook = `export async function resolve(specifier, context, next) {
  return specifier === "dompurify"
    ? { url: "data:text/javascript," + ${JSON.stringify(encodeURIComponent(purify))}, shortCircuit: true }
    : next(specifier, context);
}`;
register("data:text/javascript," + encodeURIComponent(hook));

const { default: mermaid } = await import(pathToFileURL(process.argv[2]));
let input = "";
for await (const chunk of process.stdin) input += chunk;

const results = [];
for (const text of JSON.parse(input)) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const nodes = [...(db.getVertices?.().values() ?? [])].map((node) => [node.id, node.text]);
    const edges = (db.getEdges?.() ?? []).map((edge) => [edge.start, edge.end, edge.text]);
    results.push({ nodes, edges });
  } catch (error) {
    results.push({ error: String(error.message) });
  }
}
console.log(JSON.stringify(results));
