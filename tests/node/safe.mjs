// stdin: {"document", "contexts": those that no package here has}; stdout: how many nodes jsonld finds in safe mode, which
// refuses whatever expansion would drop, or its reason.
import {text} from 'node:stream/consumers';
import {contexts as dids} from 'did-context';
import jsonld from 'jsonld';

const {document, contexts} = JSON.parse(await text(process.stdin));

async function documentLoader(url) {
  const found = contexts[url] ?? dids.get(url);
  if(!found) {
    throw new Error(`not found: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: found};
}

try {
  const expanded = await jsonld.expand(document, {documentLoader, safe: true});
  process.stdout.write(JSON.stringify({nodes: expanded.length}));
} catch({message, details}) {
  process.stdout.write(JSON.stringify({reason: `${message} ${JSON.stringify(details?.event?.details ?? '')}`}));
}
