// stdin: {"credential", "did": a did.json, "now"}; stdout: whether an independent verifier that takes the issuer's keys
// from that document alone finds the credential genuine, or its reasons.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {text} from 'node:stream/consumers';
import {documentLoader} from './documents.mjs';

const {credential, did, now} = JSON.parse(await text(process.stdin));

async function load(url) {
  if(!url.startsWith('did:web:')) {
    return documentLoader(url);
  }
  const method = did.verificationMethod.find(({id}) => id === url);
  if(url !== did.id && !method) {
    throw new Error(`not found: ${url}`);
  }
  const document = method ? {'@context': 'https://w3id.org/security/multikey/v1', ...method} : did;
  return {contextUrl: null, documentUrl: url, document};
}

const {verified, error} = await vc.verifyCredential({
  credential,
  suite: new DataIntegrityProof({cryptosuite}),
  documentLoader: load,
  now: now ? new Date(now) : new Date(),
  checkStatus: async () => ({verified: true})
});
const reasons = (error?.errors ?? [error]).filter(Boolean).map(({message}) => message);
process.stdout.write(JSON.stringify({verified, reasons}));
