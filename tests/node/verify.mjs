// stdin: [{"suite": "rdfc" | "jcs", "credential": {...}}]; stdout: [{"verified": true}] or the reasons.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {text} from 'node:stream/consumers';
import {documentLoader, publishKey} from './documents.mjs';

function suiteFor(name) {
  return new DataIntegrityProof({cryptosuite: name === 'jcs' ? createVerifyCryptosuite() : rdfc});
}

function reasons(error) {
  return (error?.errors ?? [error]).map(each => `${each?.name}: ${each?.message}`);
}

async function verify({suite, credential, now}) {
  publishKey(credential.proof.verificationMethod);
  const result = await vc.verifyCredential({
    credential,
    suite: suiteFor(suite),
    documentLoader,
    now: now ? new Date(now) : new Date(),
    checkStatus: async () => ({verified: true})
  });
  return result.verified ? {verified: true} : {verified: false, reasons: reasons(result.error)};
}

const answers = [];
for(const question of JSON.parse(await text(process.stdin))) {
  answers.push(await verify(question));
}
process.stdout.write(JSON.stringify(answers));
