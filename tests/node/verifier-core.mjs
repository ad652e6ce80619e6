// stdin: [{"documents": {"https://…": {...}}, "credentials": [{...}]}]; stdout: for each, what verifier-core found of its
// credentials. The documents stand for the web: did.json, status lists, schemas. Anything else is not found.
import {text} from 'node:stream/consumers';

const questions = JSON.parse(await text(process.stdin));
let documents = {};

globalThis.fetch = async request => {
  const url = typeof request === 'string' ? request : request.url ?? String(request);
  const found = documents[url];
  const headers = {'content-type': 'application/json'};
  return found ?
    new Response(JSON.stringify(found), {headers}) :
    new Response(JSON.stringify({url}), {status: 404, headers});
};
console.log = console.error;

const {verifyCredential} = await import('@digitalcredentials/verifier-core');
const answers = [];
for(const question of questions) {
  documents = question.documents;
  const found = [];
  for(const credential of question.credentials) {
    const {log, errors, additionalInformation} = await verifyCredential({credential, knownDIDRegistries: []});
    found.push({log, errors: errors?.map(({name, message}) => ({name, message})), additionalInformation});
  }
  answers.push(found);
}
process.stdout.write(JSON.stringify(answers));
