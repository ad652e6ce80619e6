// stdin: {"credential", "lists": {url: status list credential}}; stdout: what @digitalbazaar/vc says of it with its status
// checked by @digitalbazaar/vc-bitstring-status-list, the lists taken from where the credential names them.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {text} from 'node:stream/consumers';
import {documentLoader, publishKey} from './documents.mjs';

const {credential, lists} = JSON.parse(await text(process.stdin));
for(const {proof} of [credential, ...Object.values(lists)]) {
  publishKey(proof.verificationMethod);
}

async function load(url) {
  return url in lists ? {contextUrl: null, documentUrl: url, document: lists[url]} : documentLoader(url);
}

const suite = new DataIntegrityProof({cryptosuite});
async function revoked(options) {
  const {verified, results, error} = await checkStatus({...options, suite, documentLoader: load});
  if(error) {
    throw error;
  }
  return {verified: verified && results.every(({status}) => !status), results};
}

const {verified, error} = await vc.verifyCredential({credential, suite, documentLoader: load, checkStatus: revoked});
const reasons = (error?.errors ?? [error]).filter(Boolean).map(({message}) => message);
process.stdout.write(JSON.stringify({verified, reasons}));
